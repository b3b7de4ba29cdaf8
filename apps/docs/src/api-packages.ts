import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, { readonly '@diptych/source'?: string }>>;
}

/** An entry of a package as the API reference shows it. */
export interface ApiPage {
  /** As it is imported: `@diptych/core/node`. */
  readonly name: string;
  /** Of the page, below `/api/`. */
  readonly path: string;
  /** Absolute path of its source. */
  readonly source: string;
}

/** Every entry of every package, the whole one first. */
export const apiPages: readonly ApiPage[] = readdirSync(packages)
  .toSorted((a, b) => Number(b === 'diptych') - Number(a === 'diptych') || a.localeCompare(b))
  .flatMap(entriesOf);

function entriesOf(folder: string): ApiPage[] {
  const path = `${packages}${folder}/package.json`;
  const manifest = require(path) as Manifest;
  return Object.entries(manifest.exports).flatMap(([entry, { '@diptych/source': source }]) => {
    if (!source?.endsWith('.ts')) return [];
    const name = manifest.name + entry.slice(1);
    const page = name.replace('@diptych/', '').replaceAll('/', '-');
    return [{ name, path: page, source: `${packages}${folder}/${source.slice(2)}` }];
  });
}
