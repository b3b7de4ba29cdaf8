import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../../packages/core/src/error.ts', import.meta.url));

/** The codes of `ErrorCode`, as the source lists them. */
export function errorCodes(): string[] {
  const union = /export type ErrorCode =([^;]*);/.exec(readFileSync(source, 'utf8'))?.[1];
  if (!union) throw new Error(`${source}: expected the union ErrorCode`);
  return [...union.matchAll(/'(\w+)'/g)].map((match) => match[1]!);
}
