import { registerType } from "@holdpoint/checkpoint";
import { type Bridge, type Runtime, registerBridge } from "@holdpoint/core";
import type { BaseMessage } from "@langchain/core/messages";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { messageType } from "../messages/message-type.js";
import { isToolCall } from "../tools/is-tool-call.js";
import { ambientConfig } from "./ambient-config.js";
import { followMessages } from "./follow-messages.js";
import { installLangChainContext } from "./langchain-context.js";
import { observeRun } from "./observe-run.js";
import { runnableConfig } from "./runnable-config.js";

declare module "@holdpoint/core" {
  /** The messages that this bridge follows. */
  interface StreamedMessages {
    readonly message: BaseMessage;
  }
}

const runInContext = <T>(runtime: Runtime, run: () => T): T =>
  AsyncLocalStorageProviderSingleton.runWithConfig(runnableConfig(runtime), run) as T;

const bridge: Bridge = {
  // Only where another library's storage is in use: ours finds the node's config when it is asked for.
  ...(installLangChainContext() ? {} : { runInContext }),
  observe: observeRun,
  followMessages,
  ambientConfig,
  isPartOfState: isToolCall,
};

registerBridge(bridge);
registerType(messageType);
