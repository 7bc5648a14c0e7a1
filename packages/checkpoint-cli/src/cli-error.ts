/** A mistake of whoever typed the command, or something that keeps it from being done: said in one line, without a stack. */
export class CliError extends Error {
  override readonly name = "CliError";
  /** 2 for a command that cannot be meant, 1 for one that could not be done. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
