import type { Json } from './changed-kind.ts';

/** The fields of both, those of an object in an object too; where both say something, `other` does. */
export function merged(one: Json, other: Json): Json {
  const entries = Object.entries(other).map(([key, value]) => {
    const own = one[key];
    return [key, isJson(own) && isJson(value) ? merged(own, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(entries) };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
