import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkMessagesRequest, type MessagesRequest } from "./check-messages-request.js";
import { messageEvents, type ReplyBlock, wholeMessage } from "./message-events.js";

/** What the server does with one request. */
export type Reply =
  | { readonly kind: "message"; readonly content: readonly ReplyBlock[] }
  | {
      readonly kind: "error";
      readonly status: number;
      readonly type: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Breaks off after some events: by a torn connection, by a clean end, or by an error event. */
  | {
      readonly kind: "cut";
      readonly content: readonly ReplyBlock[];
      readonly after: number;
      readonly how: "torn" | "ended" | "error-event";
    }
  /** Never answers. */
  | { readonly kind: "silence" };

export interface MessagesApi {
  readonly url: string;
  /** Valid requests, in the order in which they came. */
  readonly requests: readonly MessagesRequest[];
  /** What was wrong with requests; a test expects it to be empty. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export const VALID_KEY = "sk-ant-test-key-0123456789";

/** Serves Anthropic's Messages API on 127.0.0.1, in its real wire format, and refuses what the real one refuses. */
export async function startMessagesApi(answer: (request: MessagesRequest, count: number) => Reply): Promise<MessagesApi> {
  const requests: MessagesRequest[] = [];
  const problems: string[] = [];
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      const refusal = refuse(incoming, body, problems);
      if ("request" in refusal) {
        requests.push(refusal.request);
        send(response, answer(refusal.request, requests.length), refusal.request);
      } else send(response, refusal, undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    problems,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

type Refusal = Extract<Reply, { kind: "error" }>;

function refuse({ method, url, headers }: IncomingMessage, body: string, problems: string[]): Refusal | { request: MessagesRequest } {
  const problem = (status: number, type: string, message: string): Refusal => {
    if (status !== 401) problems.push(message);
    return { kind: "error", status, type, message };
  };
  if (method !== "POST" || url?.split("?")[0] !== "/v1/messages") return problem(404, "not_found_error", `${method} ${url}`);
  if (headers["x-api-key"] !== VALID_KEY) return problem(401, "authentication_error", "invalid x-api-key");
  if (headers["anthropic-version"] !== "2023-06-01") return problem(400, "invalid_request_error", "anthropic-version: header is required");
  if (!headers["content-type"]?.startsWith("application/json"))
    return problem(400, "invalid_request_error", "content-type must be application/json");
  const checked = checkMessagesRequest(JSON.parse(body));
  return "problem" in checked ? problem(400, "invalid_request_error", checked.problem) : checked;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: Reply, request: MessagesRequest | undefined): void {
  if (reply.kind === "silence") return;
  if (reply.kind === "error") {
    sendError(response, reply);
    return;
  }
  if (request?.stream !== true) {
    response.writeHead(200, { "content-type": "application/json", "request-id": "req_test" });
    response.end(JSON.stringify(wholeMessage(request?.model ?? "", reply.content)));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", "request-id": "req_test" });
  const events = messageEvents(request.model, reply.content);
  const sent = reply.kind === "cut" ? events.slice(0, reply.after) : events;
  for (const event of sent) response.write(sse(event.type, event));
  if (reply.kind === "cut" && reply.how === "torn") {
    // After the written part has left, so that the client sees half an answer and not none.
    setTimeout(() => response.destroy(), 30);
    return;
  }
  if (reply.kind === "cut" && reply.how === "error-event") response.write(sse("error", errorBody("overloaded_error", "Overloaded")));
  response.end();
}

const sse = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

const errorBody = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_test" });

function sendError(response: ServerResponse, { status, type, message = type, headers = {} }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_test", ...headers });
  response.end(JSON.stringify(errorBody(type, message)));
}
