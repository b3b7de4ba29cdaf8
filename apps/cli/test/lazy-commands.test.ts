import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Packages that a source and what it imports load at once: neither types nor what is imported when it is needed. */
function loaded(url: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(url.href)) return seen;
  seen.add(url.href);
  for (const [, name] of readFileSync(url, 'utf8').matchAll(/^(?:import (?!type )|\} from )(?:.* from )?'(.+)';$/gm)) {
    if (name!.startsWith('.')) loaded(new URL(name!, url), seen);
    else seen.add(name!);
  }
  return seen;
}

it('help and completion load no package but those of the command line itself', () => {
  const packages = [...loaded(new URL('../src/main.ts', import.meta.url))].filter(
    (name) => !/^(file|node):/.test(name),
  );
  expect(packages.toSorted()).toEqual(['@diptych/core', 'commander']);
});
