import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { TestProject } from 'vitest/node';

/** Paths relative to a package. */
export type Scripts = readonly string[];

declare module 'vitest' {
  interface ProvidedContext {
    /** What the package's test configuration names. */
    scripts: Scripts;
    /** Folder of them, bundled. */
    bundled: string;
  }
}

const own = 'found by esbuild itself';

/** The sources of this repository in a few files, each as if it lay where it does, packages left where they are. */
const sources: Plugin = {
  name: 'sources',
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, importer, pluginData }) => {
      if (kind === 'entry-point' || pluginData === own) return undefined;
      const found = await bundle.resolve(path, { kind, resolveDir, importer, pluginData: own });
      if (found.errors.length > 0) return { path, external: true };
      if (found.external || !found.path.includes('/node_modules/')) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

/**
 * Bundles what tests start as processes: Node reads a few files, for which a loader that takes each source apart would need
 * seconds of the processor at every start.
 */
export default async function bundleScripts(project: TestProject): Promise<() => Promise<void>> {
  const { scripts } = project.getProvidedContext();
  const folder = await mkdtemp(join(tmpdir(), 'diptych-scripts-'));
  await build({
    absWorkingDir: project.config.root,
    entryPoints: Object.fromEntries(scripts.map((path) => [path.replace(/\.ts$/, ''), path])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@diptych/source'],
    plugins: [sources],
    logLevel: 'warning',
  });
  project.provide('bundled', folder);
  return async () => rm(folder, { recursive: true });
}
