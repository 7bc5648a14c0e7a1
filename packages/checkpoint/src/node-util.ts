/**
 * Of Node's `util`, which is loaded already when a program starts. An import statement would read each of its exports, and with them load those that are
 * made when they are first read (decision 0033).
 */
export const { isDeepStrictEqual, types } = process.getBuiltinModule("node:util");
