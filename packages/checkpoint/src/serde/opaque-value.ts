/**
 * Stands for a saved value whose type nobody has registered in this process: usually the package that registers it was not imported.
 * It is saved again exactly as it was, so that passing through such a process loses nothing.
 */
export class OpaqueValue {
  constructor(
    /** Name of the missing {@link SerializerExtension}. */
    readonly type: string,
    /** What its `encode` had returned. */
    readonly data: unknown,
  ) {}
}
