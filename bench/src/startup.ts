import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.ts';
import { median, ratio } from './interleave.ts';
import type { Opening, StartUp } from './startup-report.ts';

// From the start of a process to the first embedding of CLIP's image tower, whose 350 MB of float32 are on disk, and how
// much memory that takes; and all of CLIP ViT-B/16 opened, also by another checkout of this repository where there is a
// `--baseline <folder>`: fresh processes, interleaved. The files are in the system's cache, and the packages are built.
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' }, baseline: { type: 'string' } },
});
const engines = ['float32', 'int16', 'int8', 'int8, packed', 'onnxruntime-web'] as const;
const types = ['float32', 'int16', 'int8'] as const;
const folder = mkdtempSync(join(tmpdir(), 'diptych-startup-'));
try {
  const built = await bundle(['startup-ours.ts', 'startup-onnx.ts', 'startup-whole.ts'], 'startup');
  const before = options.baseline && (await bundle(['startup-whole.ts'], 'startup', resolve(options.baseline)));
  run(['--conditions=@diptych/source', pathOf('startup-files.ts'), folder]);
  run(['--conditions=@diptych/source', pathOf('startup-whole-files.ts'), join(folder, 'whole')]);
  const runs = new Map(engines.map((engine): [string, StartUp[]] => [engine, []]));
  const openings = types.map((type) => ({ type, now: [] as Opening[], before: [] as Opening[] }));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const engine of engines) {
      const script = engine === 'onnxruntime-web' ? 'startup-onnx.mjs' : 'startup-ours.mjs';
      runs.get(engine)!.push(JSON.parse(run([join(built, script), folder, engine])) as StartUp);
    }
    for (const one of openings) {
      if (before) one.before.push(opened(before, one.type));
      one.now.push(opened(built, one.type));
    }
  }
  const results = report(runs);
  openings.forEach(reportWhole);
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ results, runs: Object.fromEntries(runs), openings }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

function opened(scripts: string, type: string): Opening {
  return JSON.parse(run([join(scripts, 'startup-whole.mjs'), join(folder, 'whole'), type])) as Opening;
}

function pathOf(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}

function report(runs: ReadonlyMap<string, readonly StartUp[]>) {
  const timesOf = (engine: string, clock: 'wall' | 'processor') => runs.get(engine)!.map((one) => one[clock]);
  const results = engines.map((engine) => {
    const share = (clock: 'wall' | 'processor') => ratio(timesOf('onnxruntime-web', clock), timesOf(engine, clock));
    const memory = Math.max(...runs.get(engine)!.map(({ memoryShare }) => memoryShare));
    const [wall, processor] = [median(timesOf(engine, 'wall')), median(timesOf(engine, 'processor'))];
    return { engine, wall, processor, ofOnnxWall: share('wall'), ofOnnxProcessor: share('processor'), memory };
  });
  console.log(`node ${process.version}, load ${loadavg()[0]!.toFixed(2)}`);
  for (const { engine, wall, processor, ofOnnxWall, ofOnnxProcessor, memory } of results) {
    console.log(
      `${engine.padEnd(16)} ${wall.toFixed(0)} ms on the wall, ${ofOnnxWall.median.toFixed(3)} of onnxruntime-web's; ` +
        `${processor.toFixed(0)} ms of the processors, ${ofOnnxProcessor.median.toFixed(3)}; ` +
        `memory at most ${memory.toFixed(2)} times the weights`,
    );
  }
  return results;
}

interface Openings {
  readonly type: string;
  readonly now: readonly Opening[];
  /** Those of the baseline. */
  readonly before: readonly Opening[];
}

/** The least times too: what is asked is what opening needs, and other work only adds to that. */
function reportWhole({ type, now, before }: Openings): void {
  const figure = (of: keyof Opening, unit: string): string => {
    const [values, others] = [now.map((one) => one[of]), before.map((one) => one[of])];
    const share = before.length > 0 ? `, ${ratio(others, values).median.toFixed(3)} of the baseline's` : '';
    return `${median(values).toFixed(0)} ${unit}, ${Math.min(...values).toFixed(0)} at least and ${Math.max(...values).toFixed(0)} at most${share}`;
  };
  console.log(`ViT-B/16 whole, ${type}: opened in ${figure('opening', 'ms')}`);
  console.log(`  ${figure('processor', 'ms of the processors')}`);
  console.log(`  ${figure('peak', 'MiB of memory')}`);
}
