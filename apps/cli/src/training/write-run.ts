import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EpochRecord } from '@diptych/alignment';
import { encodeSafetensors } from '@diptych/checkpoint';
import { type Plot, type Series, svg } from '@diptych/evaluation/report';
import type { Variable } from '@tensorflow/tfjs-core';
import type { WordVocabulary } from '@diptych/preprocessing';
import { beside } from '../output/beside.ts';
import { epochFacts } from './epoch-line.ts';
import type { Json } from './read-config.ts';

/** Arrays that belong to the trained model, by what they are called in it. The rest only trained it. */
const kept: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(text|image)\./, '$1.'],
  [/^loss\./, ''],
];

/** A folder that `open` opens; the network in front of a head over features is copied into it. */
export async function writeModel(
  folder: string,
  variables: ReadonlyMap<string, Variable>,
  {
    config,
    vocabulary,
    backbone,
  }: { readonly config: Json; readonly vocabulary: WordVocabulary; readonly backbone?: string },
): Promise<void> {
  const tensors = [...variables].flatMap(([path, variable]) => {
    const rule = kept.find(([pattern]) => pattern.test(path));
    const tensor = { shape: variable.shape, data: variable.dataSync<'float32'>() };
    return rule ? [[path.replace(...rule), tensor] as const] : [];
  });
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'vocab.json'), `${JSON.stringify(vocabulary)}\n`);
    if (backbone !== undefined && !existsSync(join(folder, 'backbone'))) {
      await cp(backbone, join(partial, 'backbone'), { recursive: true, dereference: true });
    }
    await writeFile(join(partial, 'model.safetensors'), encodeSafetensors(tensors, { format: 'diptych' }));
    await writeFile(join(partial, 'config.json'), `${JSON.stringify(config)}\n`);
  });
}

/** `metrics.json` and a curve each in SVG. */
export async function writeCurves(folder: string, history: readonly EpochRecord[]): Promise<void> {
  await beside(folder, async (partial) => {
    await writeFile(join(partial, 'metrics.json'), `${JSON.stringify(history.map(epochFacts))}\n`);
    for (const [name, plot] of Object.entries(plots(history))) await writeFile(join(partial, `${name}.svg`), svg(plot));
  });
}

function plots(history: readonly EpochRecord[]): Readonly<Record<string, Plot>> {
  const series = (name: string, value: (record: EpochRecord) => number | undefined): Series[] => {
    const points = history.flatMap((record) => {
      const y = value(record);
      return y === undefined ? [] : [[record.epoch + 1, y] as const];
    });
    return points.length > 0 ? [{ name, points }] : [];
  };
  const recall = (direction: string) =>
    series(`${direction} retrieval`, ({ metrics }) => metrics[`${direction}_retrieval_recall@1`]);
  const all: Readonly<Record<string, Plot>> = {
    loss: { title: 'Loss', x: 'epoch', y: 'mean of the steps', mark: 'line', series: series('', ({ loss }) => loss) },
    rsum: {
      title: 'Sum of recalls, validation',
      x: 'epoch',
      y: 'rsum',
      mark: 'line',
      series: series('', ({ metrics }) => metrics['rsum']),
    },
    recall: {
      title: 'Recall, validation',
      x: 'epoch',
      y: 'recall@1',
      mark: 'line',
      series: [...recall('image'), ...recall('text')],
    },
  };
  return Object.fromEntries(Object.entries(all).filter(([, plot]) => plot.series.length > 0));
}
