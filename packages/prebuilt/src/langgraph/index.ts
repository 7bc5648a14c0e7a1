import { registerType } from "@holdpoint/checkpoint";
import { messageType } from "../messages/message-type.js";

registerType(messageType);

export { type ChannelHistory, type LangGraphSaver, type TypedSerializer, toLangGraphSaver } from "./to-langgraph-saver.js";
