import { GraphError } from "../../errors.js";
import type { Soon } from "../../soon.js";
import { follow } from "../context/follow-signal.js";

/**
 * Runs code that may take so long: then its signal stops it, and it has failed, whether it listens or not.
 * @param what what it is, for the message
 * @throws GraphError NODE_TIMEOUT, with `details.node` and `details.timeout`
 */
export async function withinTime<T>(
  { what, name, timeout, around }: { what: string; name: string; timeout: number; around: AbortSignal | undefined },
  run: (signal: AbortSignal) => Soon<T>,
): Promise<T> {
  const stop = new AbortController();
  const release = follow(stop, around, undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new GraphError("NODE_TIMEOUT", `${what} "${name}" took longer than its timeout of ${timeout} ms.`, {
        details: { node: name, timeout },
      });
      stop.abort(error);
      reject(error);
    }, timeout);
  });
  try {
    return await Promise.race([run(stop.signal), late]);
  } finally {
    clearTimeout(timer);
    release();
  }
}
