import { invalid, jsonArray } from '../text/config-file.ts';

type Triple = readonly [red: number, green: number, blue: number];
type Field = (value: unknown, where: string) => number;

/** Three numbers, one a channel. */
export function triple(value: unknown, where: string, field: Field = finite): Triple {
  const [red, green, blue, ...more] = jsonArray(value, where);
  if (more.length > 0) invalid(where, 'three numbers', value);
  return [field(red, where), field(green, where), field(blue, where)];
}

function finite(value: unknown, where: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : invalid(where, 'a number', value);
}

/** A number over 0. */
export function factor(value: unknown, where: string): number {
  const number = finite(value, where);
  return number > 0 ? number : invalid(where, 'a positive number', value);
}
