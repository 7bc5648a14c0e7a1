type Bytes = ArrayBufferView | ArrayBufferLike;

const VIEWS: ReadonlyMap<string, (buffer: ArrayBuffer) => Bytes> = new Map<string, (buffer: ArrayBuffer) => Bytes>([
  ["ArrayBuffer", (buffer) => buffer],
  ["DataView", (buffer) => new DataView(buffer)],
  ["Uint8Array", (buffer) => new Uint8Array(buffer)],
  ["Uint8ClampedArray", (buffer) => new Uint8ClampedArray(buffer)],
  ["Int8Array", (buffer) => new Int8Array(buffer)],
  ["Uint16Array", (buffer) => new Uint16Array(buffer)],
  ["Int16Array", (buffer) => new Int16Array(buffer)],
  ["Uint32Array", (buffer) => new Uint32Array(buffer)],
  ["Int32Array", (buffer) => new Int32Array(buffer)],
  ["Float32Array", (buffer) => new Float32Array(buffer)],
  ["Float64Array", (buffer) => new Float64Array(buffer)],
  ["BigInt64Array", (buffer) => new BigInt64Array(buffer)],
  ["BigUint64Array", (buffer) => new BigUint64Array(buffer)],
  ["Buffer", (buffer) => Buffer.from(buffer)],
]);

/** Describes bytes as the name of their type and base64 of what the view shows (not of the whole buffer behind it). */
export function encodeBytes(value: ArrayBufferView | ArrayBuffer): [type: string, base64: string] {
  const view = ArrayBuffer.isView(value) ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value);
  return [typeName(value), view.toString("base64")];
}

export function decodeBytes(payload: unknown): Bytes | undefined {
  if (!Array.isArray(payload) || payload.length !== 2) return undefined;
  const [type, base64] = payload as unknown[];
  const build = typeof type === "string" ? VIEWS.get(type) : undefined;
  if (build === undefined || typeof base64 !== "string") return undefined;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return undefined;
  try {
    // A copy of its own: small Buffers share one pool, and wider views need an aligned start.
    return build(new Uint8Array(bytes).buffer);
  } catch {
    return undefined;
  }
}

/** Subclasses are saved as the type they extend; unheard-of views as plain bytes. */
function typeName(value: ArrayBufferView | ArrayBuffer): string {
  if (Buffer.isBuffer(value)) return "Buffer";
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return VIEWS.has(name) ? name : "Uint8Array";
}
