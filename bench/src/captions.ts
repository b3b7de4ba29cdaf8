import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { median, ratio } from './interleave.ts';

// Captions of different length through `embed('text')`, CLIP ViT-B/32's text tower with random weights, tokenising left out;
// with `--baseline <folder>` in turn with another checkout of this repository, whose kernels are compiled: the rows are to be
// the same bits.
const { values: options } = parseArgs({
  options: {
    captions: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    dtype: { type: 'string', default: 'float32,int8' },
    threads: { type: 'string', default: '1' },
    baseline: { type: 'string' },
  },
});

/** What one pass took, and a digest of its rows. */
interface Pass {
  readonly milliseconds: number;
  readonly rows: string;
}

const here = fileURLToPath(new URL('../..', import.meta.url));
const checkouts = [here, ...(options.baseline ? [resolve(options.baseline)] : [])];

for (const dtype of options.dtype.split(',')) {
  const processes = await Promise.all(checkouts.map((checkout) => start(checkout, dtype)));
  const passes = processes.map((): Pass[] => []);
  for (let round = 0; round <= Number(options.rounds); round++) {
    for (const [i, process] of processes.entries()) {
      const pass = await answer<Pass>(process, 'embed');
      if (round > 0) passes[i]!.push(pass);
    }
  }
  for (const process of processes) process.disconnect();
  report(dtype, passes);
}

async function start(checkout: string, dtype: string): Promise<ChildProcess> {
  const outdir = join(checkout, 'bench/node_modules/.cache/captions');
  const entryPoints = [fileURLToPath(new URL('captions-run.ts', import.meta.url))];
  const common = { bundle: true, format: 'esm', packages: 'external', target: 'node24' } as const;
  await build({ ...common, entryPoints, outdir, outExtension: { '.js': '.mjs' } });
  const args = [dtype, options.captions, options.threads];
  const process = fork(join(outdir, 'captions-run.mjs'), args, { execArgv: ['--conditions=@diptych/source'] });
  await once(process, 'message');
  return process;
}

async function answer<T>(process: ChildProcess, question: string): Promise<T> {
  const answered = once(process, 'message');
  process.send(question);
  const [said] = (await answered) as [T];
  return said;
}

function report(dtype: string, [now, before]: readonly (readonly Pass[])[]): void {
  const times = (passes: readonly Pass[]) => passes.map(({ milliseconds }) => milliseconds);
  const perSecond = (passes: readonly Pass[]) => ((1000 * Number(options.captions)) / median(times(passes))).toFixed(0);
  console.log(`${dtype}: ${perSecond(now!)} captions a second of processor time`);
  if (!before) return;
  const { median: speed, low, high } = ratio(times(now!), times(before));
  const same = new Set([...now!, ...before].map(({ rows }) => rows)).size === 1;
  const range = `${speed.toFixed(2)} times (${low.toFixed(2)} to ${high.toFixed(2)})`;
  console.log(`  ${range} the baseline's ${perSecond(before)}, ${same ? 'the same bits' : 'OTHER BITS'}`);
}
