export { fromKeyText, toKeyText } from "@holdpoint/checkpoint";
