import { InterruptSignal, interrupt } from "./interrupt.js";

/**
 * Pauses a node for as long as the node throws it: `if (!ready(state)) throw new NodeInterrupt("Not ready")`. LangGraph's older form; `interrupt(value)`
 * is the one that gives an answer back.
 *
 * The question is asked where it is made, once, and shown and saved as any other. An answer to it counts, is given to nobody, and runs the node
 * again, which asks a new question if it throws one: change the state instead (`updateState`), and go on.
 * @throws GraphError as `interrupt`, where it is made: OUTSIDE_RUN, MISSING_CHECKPOINTER
 */
export class NodeInterrupt extends InterruptSignal {
  constructor(value: unknown) {
    super(askOn(value));
  }
}

/** Leaves by the first question that has no answer yet: those before it are what the node asked, and was answered, in its earlier attempts. */
function askOn(value: unknown): never {
  for (;;) interrupt(value);
}
