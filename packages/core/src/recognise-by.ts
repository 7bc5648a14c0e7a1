type Class = abstract new (...args: never[]) => unknown;

const ordinarily = Function.prototype[Symbol.hasInstance] as (this: Class, value: unknown) => boolean;

/** Makes `value instanceof type` ask what the value says of itself, so that it holds across duplicate installs. Classes that extend `type` are asked for as any class is. */
export function recogniseBy(type: Class, isOne: (value: unknown) => boolean): void {
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: Class, value: unknown) {
      return this === type ? isOne(value) : ordinarily.call(this, value);
    },
  });
}
