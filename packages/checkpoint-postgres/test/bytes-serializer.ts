import type { Serializer } from "@holdpoint/checkpoint";

/** Makes a serializer of bytes, as one that encrypts is, of one of text: every byte is another one, and none of it is text. */
export function bytesSerializer(inner: Serializer): Serializer {
  return {
    dumps: (value, place) => flip(new TextEncoder().encode(inner.dumps(value, place) as string)),
    loads: (data, place) => {
      if (typeof data === "string") throw new Error("Bytes come back as bytes.");
      return inner.loads(new TextDecoder().decode(flip(data)), place);
    },
  };
}

function flip(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff);
}
