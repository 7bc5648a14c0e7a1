import { Annotation, Command, END, interrupt, MemorySaver, Send, START, StateGraph } from "@langchain/langgraph";

const State = Annotation.Root({
  question: Annotation<string>(),
  plan: Annotation<string[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
  findings: Annotation<{ topic: string; text: string }[]>({ reducer: (all, more) => all.concat(more), default: () => [] }),
  draft: Annotation<string | undefined>(),
  approved: Annotation<boolean>(),
  attempts: Annotation<number>({ reducer: (a, b) => a + b, default: () => 0 }),
});

export const graph = new StateGraph(State)
  .addNode("plan", (state) => ({ plan: [`Find out about ${state.question}`], attempts: 1 }))
  .addNode("research", async (state) => {
    return { findings: state.plan.map((text) => ({ topic: state.question, text })) };
  })
  .addNode("check", (state) => ({ findings: state.findings.filter(({ text }) => text.length > 0).slice(0, 1) }))
  .addNode("write", (state) => ({ draft: state.findings.map(({ text }) => text).join("\n") }))
  .addNode(
    "review",
    (state) => {
      const answer = interrupt({ draft: state.draft }) as { ok: boolean; note?: string };
      if (answer.ok) return new Command({ update: { approved: true }, goto: "publish" });
      return new Command({ update: { plan: [answer.note ?? "again"], attempts: 1 }, goto: "research" });
    },
    { ends: ["publish", "research"] },
  )
  .addNode("publish", (state) => ({ draft: `${state.draft} (approved: ${state.approved})` }))
  .addEdge(START, "plan")
  .addConditionalEdges("plan", (state) => state.plan.map(() => new Send("research", state)), ["research"])
  .addEdge("research", "check")
  .addConditionalEdges("check", (state) => (state.findings.length > 0 ? "write" : state.attempts < 3 ? "plan" : END), [
    "write",
    "plan",
    END,
  ])
  .addEdge("write", "review")
  .addEdge("publish", END)
  .compile({ checkpointer: new MemorySaver() });

export async function run(thread: string): Promise<string | undefined> {
  const config = { configurable: { thread_id: thread } };
  await graph.invoke({ question: "What is a hold point?" }, config);
  const state = await graph.invoke(new Command({ resume: { ok: true } }), config);
  for await (const chunk of await graph.stream(null, { ...config, streamMode: "values" })) console.log(chunk.draft);
  return state.draft;
}
