import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Scripts as JavaScript where they find the packages that they import, which are built, so that no process strips types
 * first.
 *
 * @param name Of the folder that they go to.
 * @param baseline Another checkout, whose packages they are to find, with all that `apps/cli` imports. Default this one.
 */
export async function bundle(scripts: readonly string[], name: string, baseline?: string): Promise<string> {
  const [cwd, user, filter] = baseline ? [baseline, 'apps/cli', '@diptych/cli'] : [root, 'bench', '@diptych/bench'];
  execFileSync('pnpm', ['exec', 'turbo', 'run', 'build', `--filter=${filter}^...`], { cwd });
  const outdir = join(cwd, user, 'node_modules/.cache', name);
  const common = { bundle: true, format: 'esm', packages: 'external', target: 'node20', logLevel: 'warning' } as const;
  const entryPoints = scripts.map((script) => fileURLToPath(new URL(script, import.meta.url)));
  await build({ ...common, entryPoints, outdir, outExtension: { '.js': '.mjs' } });
  return outdir;
}
