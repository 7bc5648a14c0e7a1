/** An answer that broke off before its end. */
export class CutStreamError extends Error {
  constructor() {
    super("The answer broke off before its end.");
    this.name = "CutStreamError";
  }
}
