import type { Embeddings, WeightType } from '@diptych/core';
import { useBackend } from '@diptych/backend-wasm';
import type { EmbeddingSpace } from 'diptych';
import type { BenchOptions } from '../commands/bench.ts';
import { type Io, write } from '../io.ts';
import { defaultBatchSize } from '../model-options.ts';
import { nodeBackend } from '../node-backend.ts';
import { openModel } from '../open-model.ts';
import { defaultFormat } from '../output/format.ts';
import { type Progress, terminalProgress } from '../progress.ts';
import { agreement } from './agreement.ts';
import { type Accuracy, type BenchReport, benchTable, type Speed, type Variant } from './bench-report.ts';
import { interleave, spread } from './speed.ts';
import { type Subject, subjectsOf } from './subject.ts';

/** One model in each way, `float32` of all tokens first. */
type Spaces = readonly (readonly [Variant, EmbeddingSpace])[];

interface Context {
  readonly spaces: Spaces;
  readonly options: BenchOptions;
  readonly io: Io;
  readonly progress: Progress;
}

/** Measures a model in each type of weights, and prints how fast and how exact each is. */
export async function bench(options: BenchOptions, io: Io): Promise<void> {
  const { format = defaultFormat(io.stdout), threads, backend: name = 'wasm', rounds } = options;
  const progress = terminalProgress(io, options.quiet);
  await useBackend(nodeBackend(name), { threads });
  const spaces: (readonly [Variant, EmbeddingSpace])[] = [];
  try {
    for (const variant of variantsOf(options)) {
      const quiet = options.quiet || spaces.length > 0;
      spaces.push([variant, await openModel({ ...options, ...variant, quiet }, io, progress)]);
    }
    const [, { id, modalities, backend }] = spaces[0]!;
    const [accuracy, speed]: [Accuracy[], Speed[]] = [[], []];
    for (const subject of await subjectsOf(modalities, options, io)) {
      // What is merged are tokens of images.
      const read = spaces.filter(([{ mergeTokens }]) => mergeTokens === 0 || subject.modality === 'image');
      const context = { spaces: read, options, io, progress };
      accuracy.push(...(await accuracyOf(subject, context)));
      for (const batch of options.batch) speed.push(...(await speedOf(subject, batch, context)));
    }
    const report: BenchReport = { model: id, backend, rounds, speed, accuracy };
    await write(io.stdout, format === 'table' ? benchTable(report) : `${JSON.stringify(report)}\n`);
  } finally {
    for (const [, space] of spaces) space[Symbol.dispose]();
  }
}

/** Each type of weights, and where tokens are to be merged each again with that. */
function variantsOf({ dtype, mergeTokens }: BenchOptions): readonly Variant[] {
  const dtypes = [...new Set<WeightType>(['float32', ...dtype])];
  const counts = mergeTokens === undefined ? [0] : [0, mergeTokens];
  return counts.flatMap((count) => dtypes.map((one) => ({ dtype: one, mergeTokens: count })));
}

async function accuracyOf({ modality, items, all }: Subject, { spaces, io, progress }: Context): Promise<Accuracy[]> {
  const bar = progress.start(`embedding ${modality}s`, { total: items * spaces.length });
  const rows: Embeddings[] = [];
  try {
    for (const [, space] of spaces) {
      const onProgress = (done: number) => bar.update(rows.length * items + done);
      rows.push(await all(space, { batchSize: defaultBatchSize, signal: io.signal, onProgress }));
    }
  } finally {
    bar.stop();
  }
  const compared = spaces.map(([variant], i) => ({ modality, ...variant, items, ...agreement(rows[i]!, rows[0]!) }));
  return compared.slice(1);
}

async function speedOf(
  { modality, batch: embed }: Subject,
  batch: number,
  { spaces, options: { rounds }, io, progress }: Context,
): Promise<Speed[]> {
  const bar = progress.start(`timing ${modality}s, ${batch} at once`, { total: rounds });
  const tasks = spaces.map(([, space]) => () => {
    io.signal.throwIfAborted();
    return embed(space, batch);
  });
  try {
    const times = await interleave(tasks, rounds, (done) => bar.update(done));
    return spaces.map(([variant], i) => {
      const milliseconds = spread(times[i]!.map((time) => time / batch));
      const ratio = spread(times[i]!.map((time, round) => times[0]![round]! / time));
      return { modality, ...variant, batch, milliseconds, perSecond: 1000 / milliseconds.median, ratio };
    });
  } finally {
    bar.stop();
  }
}
