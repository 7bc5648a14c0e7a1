import { describe, expect, it } from "vitest";
import { agentErrorOf } from "../../test/support/run.js";
import { loadModel, parseModelName } from "./load-model.js";
import { PROVIDERS } from "./providers.js";

const parsed = (name: string) => {
  const { model, provider } = parseModelName(name);
  return [provider.package, provider.className, model];
};

describe("parseModelName", () => {
  it.each([
    ["anthropic:claude-sonnet-4-5", ["@langchain/anthropic", "ChatAnthropic", "claude-sonnet-4-5"]],
    ["openai:gpt-4o", ["@langchain/openai", "ChatOpenAI", "gpt-4o"]],
    ["google_genai:gemini-2.5-pro", ["@langchain/google-genai", "ChatGoogleGenerativeAI", "gemini-2.5-pro"]],
    ["google:gemini-2.5-pro", ["@langchain/google-genai", "ChatGoogleGenerativeAI", "gemini-2.5-pro"]],
    ["google-vertexai:gemini-2.5-pro", ["@langchain/google-vertexai", "ChatVertexAI", "gemini-2.5-pro"]],
    ["ollama:llama3.1:8b", ["@langchain/ollama", "ChatOllama", "llama3.1:8b"]],
    [
      "bedrock:anthropic.claude-3-5-sonnet-20240620-v1:0",
      ["@langchain/aws", "ChatBedrockConverse", "anthropic.claude-3-5-sonnet-20240620-v1:0"],
    ],
    ["claude-3-5-sonnet-latest", ["@langchain/anthropic", "ChatAnthropic", "claude-3-5-sonnet-latest"]],
    ["gpt-4o-mini", ["@langchain/openai", "ChatOpenAI", "gpt-4o-mini"]],
  ])("reads %s", (name, expected) => {
    expect(parsed(name)).toEqual(expected);
  });

  it.each(["", "anthropic:", ":x", "nobody:x", "llama3.1:8b", "constructor:x", "__proto__:x"])(
    "refuses %j, naming the providers",
    (name) => {
      expect(() => parseModelName(name)).toThrow(/providers: anthropic, openai/);
    },
  );
});

describe("loadModel", () => {
  class Chat {
    constructor(readonly fields: unknown) {}
  }

  it("makes the provider's model, with options", async () => {
    const model = await loadModel("openai:gpt-4o", { maxRetries: 2 }, async (name) => ({
      ChatOpenAI: name === "@langchain/openai" ? Chat : undefined,
    }));
    expect((model as unknown as Chat).fields).toEqual({ model: "gpt-4o", maxRetries: 2 });
  });

  it("loads what is installed", async () => {
    const model = await loadModel("anthropic:claude-sonnet-4-5", { apiKey: "none" });
    expect(model._llmType()).toBe("anthropic");
  });

  it.each(Object.entries(PROVIDERS).filter(([name]) => name !== "anthropic"))(
    "gives the install command where %s is missing",
    async (name, provider) => {
      const missing = Object.assign(new Error(`Cannot find package '${provider.package}' imported from /app/x.js`), {
        code: "ERR_MODULE_NOT_FOUND",
      });
      const error = await agentErrorOf(loadModel(`${name}:x`, {}, () => Promise.reject(missing)));
      expect([error.code, error.message]).toEqual(["MISSING_MODEL_PACKAGE", expect.stringContaining(`npm install ${provider.package}`)]);
    },
  );

  it("passes on what else goes wrong, and says where a package is too old", async () => {
    const broken = new Error("Cannot find package 'left-pad' imported from @langchain/openai");
    await expect(loadModel("openai:x", {}, () => Promise.reject(broken))).rejects.toBe(broken);
    expect((await agentErrorOf(loadModel("openai:x", {}, async () => ({})))).code).toBe("INVALID_MODEL");
  });
});
