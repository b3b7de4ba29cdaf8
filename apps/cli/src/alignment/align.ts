import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  type AlgebraOptions,
  cca,
  type Cca,
  mergeMoments,
  type Moments,
  project,
  relativeRidge,
  type Rows,
  weightedView,
} from '@diptych/alignment';
import { linearAlgebra } from '@diptych/backend-wasm/algebra';
import { encodeSafetensors } from '@diptych/checkpoint';
import { evaluateSpace, type SpaceReport } from '@diptych/evaluation/report';
import type { AlignOptions } from '../commands/align.ts';
import { scoresBy } from '../evaluation/scores-by.ts';
import { reportFiles } from '../evaluation/write-report.ts';
import { type Io, write } from '../io.ts';
import { beside } from '../output/beside.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { type Progress, terminalProgress } from '../progress.ts';
import { readConfig } from '../training/read-config.ts';
import { type AlignConfig, alignConfig } from './align-config.ts';
import { type PairSource, pairSource } from './pair-source.ts';

/** Finds the directions in which two views correlate most, and writes them, and how well they serve, into a folder. */
export async function align(configPath: string, options: AlignOptions, io: Io): Promise<void> {
  const config = alignConfig(await readConfig(configPath));
  const folder = resolve(options.output);
  const progress = terminalProgress(io, options.quiet);
  const algebra = await linearAlgebra();
  using source = await pairSource(config, { algebra, signal: io.signal });
  const found = await read(source, config, progress);
  const { components, ridge } = config;
  const result = await cca(found, {
    algebra,
    signal: io.signal,
    components,
    ridge: [relativeRidge(found, ridge[0])[0], relativeRidge(found, ridge[1])[1]],
  });
  if (!options.quiet) for (const { message } of result.warnings) progress.note(`diptych: ${message}`);
  const report = await judge(source, result, {
    power: config.power,
    title: basename(configPath),
    algebra,
    signal: io.signal,
  });
  const { values, warnings } = result;
  const facts = {
    pairs: found.n,
    columns: [found.meanX.length, found.meanY.length],
    components: values.length,
    correlations: [...values],
    warnings: warnings.map(({ code }) => code),
    ...report?.metrics,
  };
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'projections.safetensors'), projections(result, config, source.words));
    if (report) await reportFiles(partial, report);
    await writeFile(join(partial, 'alignment.json'), `${JSON.stringify(facts)}\n`);
  });
  await write(
    io.stdout,
    (options.format ?? defaultFormat(io.stdout)) === 'table' ? table(facts) : `${JSON.stringify(facts)}\n`,
  );
}

/** All that CCA needs to know, of one chunk at a time. */
async function read({ pairs, moments }: PairSource, { chunk }: AlignConfig, progress: Progress): Promise<Moments> {
  const bar = progress.start('reading', { total: pairs });
  try {
    let total = await moments(0, Math.min(chunk, pairs));
    for (let at = chunk; at < pairs; at += chunk) {
      bar.update(at);
      total = mergeMoments(total, await moments(at, Math.min(at + chunk, pairs)));
    }
    return total;
  } finally {
    bar.stop();
  }
}

/** Means and weights of both views, and the correlations; a row projects to `(row - mean) · weights`. */
function projections({ values, x, y }: Cca, { ridge, power }: AlignConfig, words?: readonly string[]): Uint8Array {
  const views = Object.entries({ x, y }).flatMap(([name, { mean, weights }]) => [
    [`${name}.mean`, { shape: [mean.length], data: mean }] as const,
    [`${name}.weights`, weights] as const,
  ]);
  const notes = { format: 'diptych-cca', ridge: JSON.stringify(ridge), power: String(power) };
  return encodeSafetensors([...views, ['values', { shape: [values.length], data: values }]], {
    ...notes,
    ...(words && { words: JSON.stringify(words) }),
  });
}

interface Judging extends Pick<AlignConfig, 'power'>, AlgebraOptions {
  readonly title: string;
  readonly signal: AbortSignal;
}

async function judge(
  { test }: PairSource,
  { values, x, y }: Cca,
  { power, title, algebra, signal }: Judging,
): Promise<SpaceReport | undefined> {
  if (!test) return undefined;
  const pairs = await test();
  const projected = async (view: Cca['x'], rows: Rows) =>
    project(weightedView(view, values, power), rows, { algebra, signal });
  const scores = await scoresBy('cosine');
  const [images, captions] = [await projected(x, pairs.x), await projected(y, pairs.y)];
  return evaluateSpace(images, captions, { title, imageOf: pairs.imageOf, scores, signal });
}

function table(facts: Readonly<Record<string, unknown>> & { readonly correlations: readonly number[] }): string {
  const { correlations, ...others } = facts;
  const first = correlations.slice(0, 3).map((value) => value.toFixed(4));
  const shown: Readonly<Record<string, unknown>> = { ...others, 'first correlations': first.join(' ') };
  return columns(
    'lr',
    Object.entries(shown).map(([name, value]) => [name, String(value)]),
  );
}
