/** A LangChain package that brings a provider's chat model. */
export interface Provider {
  readonly package: string;
  readonly className: string;
}

/** Providers by the word before the colon in a model string. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  anthropic: { package: "@langchain/anthropic", className: "ChatAnthropic" },
  openai: { package: "@langchain/openai", className: "ChatOpenAI" },
  azure_openai: { package: "@langchain/openai", className: "AzureChatOpenAI" },
  google: { package: "@langchain/google-genai", className: "ChatGoogleGenerativeAI" },
  google_genai: { package: "@langchain/google-genai", className: "ChatGoogleGenerativeAI" },
  "google-genai": { package: "@langchain/google-genai", className: "ChatGoogleGenerativeAI" },
  google_vertexai: { package: "@langchain/google-vertexai", className: "ChatVertexAI" },
  "google-vertexai": { package: "@langchain/google-vertexai", className: "ChatVertexAI" },
  ollama: { package: "@langchain/ollama", className: "ChatOllama" },
  mistralai: { package: "@langchain/mistralai", className: "ChatMistralAI" },
  groq: { package: "@langchain/groq", className: "ChatGroq" },
  cohere: { package: "@langchain/cohere", className: "ChatCohere" },
  aws: { package: "@langchain/aws", className: "ChatBedrockConverse" },
  bedrock: { package: "@langchain/aws", className: "ChatBedrockConverse" },
  deepseek: { package: "@langchain/deepseek", className: "ChatDeepSeek" },
  xai: { package: "@langchain/xai", className: "ChatXAI" },
  cerebras: { package: "@langchain/cerebras", className: "ChatCerebras" },
  openrouter: { package: "@langchain/openrouter", className: "ChatOpenRouter" },
};

/** Names from which the provider follows. */
const FAMILIES: readonly (readonly [prefix: string, provider: string])[] = [
  ["claude", "anthropic"],
  ["gpt-", "openai"],
  ["chatgpt-", "openai"],
  ["o1", "openai"],
  ["o3", "openai"],
  ["o4", "openai"],
  ["gemini", "google_genai"],
  ["command", "cohere"],
  ["mistral", "mistralai"],
  ["deepseek", "deepseek"],
  ["grok", "xai"],
  ["amazon.", "aws"],
];

/** The provider of a model that is named without one. */
export const providerOf = (model: string): string | undefined => FAMILIES.find(([prefix]) => model.startsWith(prefix))?.[1];
