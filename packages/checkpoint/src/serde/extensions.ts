import { CheckpointError } from "../checkpoint-error.js";
import type { SerializerExtension } from "./serializer.js";

const REGISTRY = Symbol.for("holdpoint.checkpoint.extensions");

/** Extensions that every serializer of this process knows, by name; one list, however many copies of this package are installed. */
const registered = processWide();

function processWide(): Map<string, SerializerExtension> {
  const holder = globalThis as { [REGISTRY]?: Map<string, SerializerExtension> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}

/**
 * Adds a type to every serializer of the process, those made before included. Registering the same name again replaces it, so that
 * a package loaded twice does no harm.
 * @throws CheckpointError INVALID_ARGUMENT if the name is empty.
 */
export function registerType<T extends object>(extension: SerializerExtension<T>): void {
  if (extension.name === "") throw new CheckpointError("INVALID_ARGUMENT", "A serializer extension needs a name, such as vendor:type.");
  registered.set(extension.name, extension);
}

/** Extensions of one serializer: its own first, then those of the process. */
export class ExtensionList {
  readonly #own: ReadonlyMap<string, SerializerExtension>;

  constructor(own: readonly SerializerExtension[]) {
    this.#own = new Map(own.map((extension) => [extension.name, extension]));
  }

  byName(name: string): SerializerExtension | undefined {
    return this.#own.get(name) ?? registered.get(name);
  }

  /** Finds the extension that takes the value. */
  forValue(value: object): SerializerExtension | undefined {
    for (const extension of this.#own.values()) if (extension.is(value)) return extension;
    for (const extension of registered.values()) if (extension.is(value)) return extension;
    return undefined;
  }
}
