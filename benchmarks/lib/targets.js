/**
 * What each kind of workload must reach: `peer`: so many times cheaper than LangGraph; `hand`: at most so many times dearer than the hand-written
 * loop; `handBytes`: at most so many times its bytes; `growth`: exponents of time and bytes, at most. In the order of the table.
 */
export const targets = {
  steps: { title: "loop and chain of 10 to 3,000 steps, no saver", peer: 200, growth: 1.05 },
  "steps-memory": { title: "loop and chain, memory", peer: 100, hand: 4, growth: 1.05 },
  "steps-sqlite-sync": { title: "loop and chain, SQLite, each step committed", peer: 15, hand: 2, growth: 1.05 },
  "steps-sqlite-sync-long": { title: "chain of 1,000 and more, SQLite, each step committed", peer: 60, hand: 2 },
  "steps-sqlite-async": { title: "loop and chain, SQLite, group commit", peer: 30, hand: 1.2, growth: 1.05 },
  threads: { title: "1,000 threads, 100 in flight, SQLite", peer: 25, hand: 1.3 },
  conversation: { title: "growing conversation of 125 to 1,000 messages", hand: 2, handBytes: 1.5, growth: 1.05 },
  "conversation-long": { title: "growing conversation of 2,000 messages and more", peer: 100, hand: 2, handBytes: 1.5 },
  "wide-memory": { title: "200 channels, one touched a step, no saver and memory", peer: 100 },
  "wide-sqlite": { title: "200 channels, one touched a step, SQLite", peer: 30, hand: 3 },
  "sends-memory": { title: "fan-out and fan-in, no saver and memory", peer: 100, growth: 1.05 },
  "sends-sqlite-100": { title: "fan-out and fan-in of 100, SQLite", hand: 6, growth: 1.05 },
  "sends-sqlite-1000": { title: "fan-out and fan-in of 1,000, SQLite", peer: 40, hand: 6 },
  "interrupts-memory": { title: "interrupt and resume, memory", peer: 40 },
  "interrupts-sqlite": { title: "interrupt and resume, SQLite", peer: 15, hand: 3 },
  agents: { title: "ReAct agent, all savers", peer: 15, hand: 2 },
  "read-state": { title: "getState of a small state on a long thread", peer: 10, hand: 4 },
  "read-history": { title: "100 snapshots of history", peer: 30, hand: 4 },
  "read-large-state": { title: "getState of a large state", peer: 1, hand: 4 },
  "nested-memory": { title: "three nested subgraphs, no saver and memory", peer: 60 },
  "nested-sqlite": { title: "three nested subgraphs, SQLite", peer: 12, hand: 3 },
  streams: { title: "streaming: first chunk, values, updates", peer: 60 },
  "streams-custom": { title: "streaming: custom", peer: 15 },
  "streams-messages": { title: "streaming: messages", peer: 2, hand: 1.3 },
  postgres: { title: "PostgreSQL, one thread and 200 threads", peer: 5, hand: 1.5 },
  compiling: { title: "compile of 1,000 nodes", peer: 20, hand: 3 },
};
