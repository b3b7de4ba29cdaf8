/** What a value is, for a message: never empty, never `[object Object]`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : `'${value.slice(0, 60)}'`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? `a value of type ${name}`
    : `an object with ${keysOf(value)}`;
}

function keysOf(value: object): string {
  const keys = Object.keys(value);
  return keys.length === 0 ? 'no members' : `the members ${keys.slice(0, 5).join(', ')}`;
}

/** What a thrown value says. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message || cause.name || 'the decoder failed';
  return typeof cause === 'string' && cause !== '' ? cause : `the decoder failed with ${describe(cause)}`;
}
