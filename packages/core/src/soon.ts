/** Something that is there, or a promise of it: what need not be waited for makes no promise. */
export type Soon<T> = T | Promise<T>;
