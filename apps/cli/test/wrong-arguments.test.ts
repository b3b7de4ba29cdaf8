import { readdirSync, readFileSync } from 'node:fs';
import { bareErrors, functionsOf } from '@diptych/testkit';
import { expect, it, vi } from 'vitest';

const packages = new URL('../../../packages/', import.meta.url);

type Conditions = string | { readonly [condition: string]: Conditions };

/** The file that Node is given in this repository. */
function sourceOf(target: Conditions): string {
  if (typeof target === 'string') return target;
  return sourceOf(target['@diptych/source'] ?? target['node'] ?? target['default']!);
}

/** Every entry of every package that is code, by its name. */
const entries = readdirSync(packages).flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8')) as {
    readonly exports: Readonly<Record<string, Conditions>>;
  };
  return Object.entries(exports)
    .map(([path, target]) => [`${name}${path.slice(1)}`, sourceOf(target)] as const)
    .filter(([, source]) => source.endsWith('.ts'))
    .map(([entry, source]) => [entry, new URL(`${name}/${source}`, packages).href] as const);
});

it.each(entries)('%s takes a wrong argument, or refuses it with a code', async (_, address) => {
  vi.stubEnv('HF_HUB_CACHE', '/nowhere'); // The user's is no part of it.
  const found: string[] = [];
  for (const [name, call] of functionsOf((await import(address)) as object)) {
    for (const problem of await bareErrors(call)) found.push(`${name}: ${problem}`);
  }
  expect(found).toEqual([]);
});
