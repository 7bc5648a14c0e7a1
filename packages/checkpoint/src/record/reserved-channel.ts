/** Whether it is one of a runtime's own channels: these are small, and hold something new each time, so that no change of their values is looked for. */
export const isReserved = (channel: string): boolean => channel.startsWith("__");
