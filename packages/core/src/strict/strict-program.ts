import type { Channel } from "../channels/channel.js";
import { GraphError } from "../errors.js";
import { isPromise } from "../is-promise.js";
import type { Branch, NodeSpec, Program } from "../pregel/model/program.js";
import { deepFreeze } from "./deep-freeze.js";
import { isMutationError, mutatedKey } from "./mutated-key.js";

/**
 * Makes a program that freezes what its code gets: the input of nodes and graphs inside, the state that conditional edges see, values and updates of
 * reducers. A change of any of it in place fails with STATE_MUTATED.
 */
export function strictProgram(program: Program): Program {
  const channels: Record<string, Channel> = Object.create(null);
  for (const [key, channel] of Object.entries(program.channels)) channels[key] = strictChannel(key, channel);
  return {
    ...program,
    channels,
    nodes: new Map([...program.nodes].map(([name, node]) => [name, strictNode(node)])),
    start: { ...program.start, branches: program.start.branches.map(strictBranch) },
  };
}

function strictNode(node: NodeSpec): NodeSpec {
  const { run, handler } = node;
  return {
    ...node,
    run: (input, runtime) => guarded(`Node "${node.name}"`, { node: node.name }, deepFreeze(input), () => run(input, runtime)),
    branches: node.branches.map(strictBranch),
    handler: handler && {
      ...handler,
      handle: (input, error, runtime) =>
        guarded(`The error handler of node "${node.name}"`, { node: node.name }, deepFreeze(input), () =>
          handler.handle(input, error, runtime),
        ),
    },
  };
}

function strictBranch(branch: Branch): Branch {
  const { name, route } = branch;
  return {
    ...branch,
    route: (state, runtime) => guarded(`The conditional edge "${name}"`, { branch: name }, deepFreeze(state), () => route(state, runtime)),
  };
}

function strictChannel(key: string, channel: Channel): Channel {
  const { kind, saved, ephemeral } = channel;
  return {
    kind,
    ...(saved === undefined ? {} : { saved }),
    ...(ephemeral === undefined ? {} : { ephemeral }),
    ...(channel.accept === undefined ? {} : { accept: (update) => channel.accept?.(update) }),
    initial: () => channel.initial(),
    update: (current, updates, name) => {
      const state = { [key]: deepFreeze(current) };
      return guarded(`The reducer of "${key}"`, { key }, state, () => channel.update(current, deepFreeze(updates), name));
    },
    ...(channel.overwrite === undefined ? {} : { overwrite: (value) => channel.overwrite?.(value) }),
  };
}

/** Runs code that got something frozen; its attempt to change that becomes an error that says so. */
function guarded<T>(who: string, details: Readonly<Record<string, string>>, state: unknown, run: () => T): T {
  const explain = (error: unknown): never => {
    throw isMutationError(error) ? stateMutated(who, details, state, error) : error;
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    return explain(error);
  }
  return isPromise(result) ? (Promise.resolve(result).catch(explain) as T) : result;
}

function stateMutated(who: string, details: Readonly<Record<string, string>>, state: unknown, cause: TypeError): GraphError {
  const key = details.key ?? mutatedKey(state, cause);
  const what = key === undefined ? "a value that it was given" : `the state key "${key}"`;
  return new GraphError(
    "STATE_MUTATED",
    `${who} changed ${what} in place (${cause.message}), and the graph was compiled with strict: true. ` +
      "State is immutable: return a new value, such as { list: [...state.list, item] }; copy first what has to be changed.",
    { details: key === undefined ? { ...details } : { ...details, key }, cause },
  );
}
