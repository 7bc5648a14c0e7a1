import { CheckpointError } from "@holdpoint/checkpoint";
import { type Control, NOTHING_NEXT } from "../model/graph-state.js";

/** Reads what a checkpoint says of what runs next. @throws CheckpointError CORRUPT_DATA if it is in no form that we save */
export function readControl(saved: unknown): Control {
  if (saved === undefined) return NOTHING_NEXT;
  if (!isRecord(saved)) throw damaged();
  const { nodes = [], sends = [], joins = {}, start, ran, complete, kept } = saved;
  const isRight = isTexts(nodes) && isListOf(sends, isRecord) && isRecord(joins) && Object.values(joins).every(isTexts);
  const isPast = [ran, complete].every((names) => names === undefined || isTexts(names));
  const isUnderWay = (start === undefined || isStart(start)) && (kept === undefined || isKept(kept));
  if (!isRight || !isPast || !isUnderWay) throw damaged();
  const control: { -readonly [Key in keyof Control]: Control[Key] } = { nodes, sends, joins } as Control;
  if (start !== undefined) control.start = start as NonNullable<Control["start"]>;
  if (ran !== undefined) control.ran = ran as readonly string[];
  if (complete !== undefined) control.complete = complete as readonly string[];
  if (kept !== undefined) control.kept = kept as NonNullable<Control["kept"]>;
  return control;
}

type Is = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isListOf = (value: unknown, isItem: Is): boolean => Array.isArray(value) && value.every(isItem);
const isTexts: Is = (value) => isListOf(value, (item) => typeof item === "string");
const isWrite: Is = (value) => Array.isArray(value) && value.length === 2 && typeof value[0] === "string";
const isStart: Is = (value) => isRecord(value) && isListOf(value.writes, isWrite);
const isResult: Is = (value) => Array.isArray(value) && value.length === 2 && typeof value[0] === "string" && isListOf(value[1], isWrite);
const isKept: Is = (value) =>
  isRecord(value) &&
  typeof value.step === "string" &&
  (value.tasks === undefined || (isRecord(value.tasks) && isTexts(Object.values(value.tasks)))) &&
  isListOf(value.results, isResult);

function damaged(): CheckpointError {
  return new CheckpointError(
    "CORRUPT_DATA",
    "The saved checkpoint does not say what runs next in a form that is known here. It is damaged, or was saved by another version or another saver's serializer.",
  );
}
