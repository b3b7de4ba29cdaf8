import { EmbeddingError } from '@diptych/core';

/** What a caller without types may give for anything. A string may be an address: it is no part of it. */
export const wrongValues: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['null', null],
  ['undefined', undefined],
  ['a number', 5],
  ['true', true],
  ['a DataView', new DataView(new ArrayBuffer(4))],
  ['[null]', [null]],
  ['{}', {}],
]);

/** To some it is something; a code may come of it, but no other error. */
const lists = new Map<string, unknown>([...wrongValues, ['[]', []], ['[[1]]', [[1]]]]);

/** The code of what a call throws; its text where it has none. Of what is iterated the first item is asked for. */
export async function codeOf(call: () => unknown): Promise<string> {
  try {
    const made = await call();
    if (typeof made === 'object' && made !== null && 'next' in made) await (made as AsyncIterator<unknown>).next();
    return 'accepted';
  } catch (error) {
    return error instanceof EmbeddingError ? error.code : String(error);
  }
}

type AnyFunction = (...values: unknown[]) => unknown;

/** The texts of errors go through the first two themselves; the others are given backends that tfjs made. */
const unchecked = ['printable', 'withoutPasswords', 'provideWeights', 'weightStoreOf'];

/** The functions of an entry of a package; classes, which are made otherwise, are none. */
export function functionsOf(entry: object): (readonly [name: string, call: AnyFunction])[] {
  return Object.entries(entry).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'function' && !unchecked.includes(name) && !/^class\b/.test(String(value))
      ? [[name, value as AnyFunction] as const]
      : [],
  );
}

/** What a function given nothing but wrong arguments does, where that is neither to take them nor a code, and what they are. */
export async function bareErrors(call: AnyFunction): Promise<string[]> {
  const found: string[] = [];
  for (const [kind, value] of lists) {
    const code = await codeOf(() => call(value, value, value, value));
    if (!/^(accepted|(?!NETWORK)[A-Z_]+)$/.test(code)) found.push(`${kind}: ${code}`);
  }
  return found;
}
