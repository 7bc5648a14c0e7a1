/** What went wrong with the model, in one line with its remedy, for a person. */
export interface ModelTrouble {
  readonly line: string;
}

/** The parts of an SDK error that are looked at. */
interface Facts {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  /** Anthropic's error type, such as "overloaded_error". */
  readonly type?: string;
  readonly retryAfter?: string;
  /** A system error's code, such as "ECONNREFUSED". */
  readonly code?: string;
}

const TRY_AGAIN = "Nothing is lost: press Enter to try again.";

/** Explains a failed model call; undefined where the error is not the model's. Never shows a key or a stack. */
export function explainModelError(error: unknown): ModelTrouble | undefined {
  const facts = factsOf(error);
  const line = byType(facts) ?? byConnection(facts);
  return line === undefined ? undefined : { line };
}

function byType(facts: Facts): string | undefined {
  const { status, type, retryAfter } = facts;
  if (status === 401 || type === "authentication_error")
    return "Anthropic refused the key. Set ANTHROPIC_API_KEY to a valid one (console.anthropic.com) and start again; the conversation is saved.";
  if (status === 403 || type === "permission_error")
    return "The key may not use this model. Choose another with --model, or another key; the conversation is saved.";
  if (status === 404 || type === "not_found_error")
    return "Anthropic knows no such model. Choose another with --model; the conversation is saved.";
  if (status === 429 || type === "rate_limit_error") return `Anthropic's rate limit is reached${waitOf(retryAfter)}. ${TRY_AGAIN}`;
  if (status === 529 || type === "overloaded_error") return `Anthropic is overloaded at the moment. ${TRY_AGAIN}`;
  if (status === 413 || type === "request_too_large") return "The conversation is too long for the model. Begin another with --thread.";
  if (status === 400 && /credit balance/i.test(facts.message))
    return "The Anthropic account has no credit left. Add some, then press Enter to try again; nothing is lost.";
  if (status === 400 && /too long/i.test(facts.message)) return "The conversation is too long for the model. Begin another with --thread.";
  if (status === 400) return `Anthropic did not accept the request: ${detail(facts.message)}`;
  if (status !== undefined && status >= 500) return `Anthropic has a problem of its own (status ${status}). ${TRY_AGAIN}`;
  if (type === "api_error") return `Anthropic has a problem of its own. ${TRY_AGAIN}`;
  return undefined;
}

function byConnection({ name, code, message }: Facts): string | undefined {
  if (name === "CutStreamError" || message === "terminated" || code === "UND_ERR_SOCKET")
    return `The answer broke off before its end. ${TRY_AGAIN}`;
  if (/timed? ?out/i.test(message) || code === "ETIMEDOUT") return `Anthropic did not answer in time. ${TRY_AGAIN}`;
  if (code !== undefined || /^Connection error|fetch failed/.test(message)) {
    return `Anthropic cannot be reached${code === undefined ? "" : ` (${code})`}. Check the network and ANTHROPIC_BASE_URL. ${TRY_AGAIN}`;
  }
  return undefined;
}

const waitOf = (retryAfter: string | undefined): string =>
  retryAfter === undefined || !/^\d+$/.test(retryAfter) ? "" : `; it asks to wait ${retryAfter} s`;

/** The first line of a message, without anything that looks like a key. */
const detail = (message: string): string => (message.split("\n")[0] ?? "").replace(/sk-[\w-]+/g, "sk-…").slice(0, 300);

function factsOf(error: unknown): Facts {
  let facts: Facts = { name: "", message: "" };
  for (let depth = 0, at = error; depth < 5 && typeof at === "object" && at !== null; depth++) {
    const { name, message, status, headers, code, error: body, cause } = at as Record<string, unknown>;
    facts = {
      name: facts.name || text(name),
      message: facts.message || text(message),
      status: facts.status ?? (typeof status === "number" ? status : undefined),
      type: facts.type ?? errorType(body),
      retryAfter: facts.retryAfter ?? (headers instanceof Headers ? (headers.get("retry-after") ?? undefined) : undefined),
      code: facts.code ?? systemCode(code),
    };
    at = cause;
  }
  return facts;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** ENOTFOUND, ECONNRESET, UND_ERR_SOCKET …; not the codes of our own errors. */
const systemCode = (code: unknown): string | undefined =>
  typeof code === "string" && /^(?:E[A-Z]+|EAI_[A-Z]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|[A-Z_]*CERT[A-Z_]*)$/.test(code) ? code : undefined;

/** Reads `{ type: "error", error: { type: "overloaded_error" } }`. */
function errorType(body: unknown): string | undefined {
  const inner = typeof body === "object" && body !== null ? (body as { error?: unknown }).error : undefined;
  const type = typeof inner === "object" && inner !== null ? (inner as { type?: unknown }).type : undefined;
  return typeof type === "string" ? type : undefined;
}
