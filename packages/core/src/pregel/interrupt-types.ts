/** A question that waits for a person, as the seed prints it. */
export class Interrupt<Value = unknown> {
  readonly value: Value;
  /** Always true: every interrupt can be answered with `Command({ resume })`. */
  readonly resumable = true;
  /** Where it was asked: `node:task-id` from the outermost graph inwards. */
  readonly ns: readonly string[];
  readonly when = "during";
  /** Unique per call and index: 32 hexadecimal digits. */
  readonly id: string;

  constructor(fields: { value: Value; ns: readonly string[]; id: string }) {
    this.value = fields.value;
    this.ns = fields.ns;
    this.id = fields.id;
  }

  /** The `id` under the name that older LangGraph documents use. */
  get interrupt_id(): string {
    return this.id;
  }
}

export type InterruptFunction = <Answer = unknown, Value = unknown>(value: Value) => Answer;
