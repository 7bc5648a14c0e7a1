import { expect, it } from "vitest";
import { START } from "../../constants.js";
import { NOTHING_NEXT } from "../model/graph-state.js";
import { taskId } from "../model/task.js";
import { describeTasks } from "./describe-tasks.js";

const scope = { checkpointId: "checkpoint", ns: "" };
const control = { ...NOTHING_NEXT, nodes: ["a", "b"], sends: [{ node: "c", args: 1 }] };

it("describes the tasks that are due under the ids that they will have", () => {
  expect(describeTasks(control, scope).map(({ name, id, ns }) => [name, id, ns])).toEqual(
    [
      ["c", ["__pregel_push", 0]],
      ["a", ["__pregel_pull", "a"]],
      ["b", ["__pregel_pull", "b"]],
    ].map(([name, path]) => {
      const id = taskId(scope, path as never, name as string);
      return [name, id, `${name}:${id}`];
    }),
  );
  expect(describeTasks({ ...NOTHING_NEXT, start: { writes: [] } }, scope).map(({ name }) => name)).toEqual([START]);
});
