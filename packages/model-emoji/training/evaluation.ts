import { join } from 'node:path';
import { cosineScores, firstRanks, type Metrics, rankMetrics } from '@diptych/evaluation';
import type { EmbeddingSpace } from 'diptych';
import { heldOutIds, heldOutStyle, readEmoji } from './emoji-data.ts';

/** Metrics of `rankMetrics`; those of `heldOut` are of the emoji that training never saw, among all others. */
export interface Direction {
  readonly all: Metrics;
  readonly heldOut: Metrics;
}

export interface Evaluation {
  /** Of the held-out style. */
  readonly pictures: number;
  readonly heldOut: number;
  /** By language, its names against all pictures. */
  readonly toPicture: ReadonlyMap<string, Direction>;
  /** All pictures against the English names. */
  readonly toName: Direction;
}

/** Names and the pictures of the held-out style, against each other. */
export async function evaluateEmoji(space: EmbeddingSpace, folder: string): Promise<Evaluation> {
  const all = await readEmoji(folder);
  const heldOut = heldOutIds(all);
  const pictured = all.filter(({ images }) => images[heldOutStyle]);
  const paths = pictured.map(({ images }) => join(folder, images[heldOutStyle]!));
  const pictures = await space.embed('image', paths);
  const unseen = pictured.map(({ id }) => heldOut.has(id));
  const toPicture = new Map<string, Direction>();
  for (const language of Object.keys(all[0]!.labels)) {
    const named = pictured.flatMap(({ labels }, i) => (labels[language] ? [{ name: labels[language], i }] : []));
    const names = await space.embed(
      'text',
      named.map(({ name }) => name),
    );
    const own = named.map(({ i }) => i);
    toPicture.set(language, direction(await firstRanks(cosineScores(names, pictures), own.map(alone)), own, unseen));
  }
  const names = await space.embed(
    'text',
    pictured.map(({ labels }) => labels['en']!),
  );
  const own = pictured.map((_, i) => i);
  const toName = direction(await firstRanks(cosineScores(pictures, names), own.map(alone)), own, unseen);
  return { pictures: pictured.length, heldOut: unseen.filter(Boolean).length, toPicture, toName };
}

function alone(index: number): number[] {
  return [index];
}

function direction(ranks: Float64Array, own: readonly number[], unseen: readonly boolean[]): Direction {
  return { all: rankMetrics(ranks), heldOut: rankMetrics(ranks.filter((_, i) => unseen[own[i]!])) };
}
