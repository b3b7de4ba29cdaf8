import { join } from 'node:path';
import { type Artwork, readArtwork } from './artwork.ts';
import type { TrainingData } from './batches.ts';
import { type Emoji, heldOutIds, heldOutStyle, readEmoji, styles } from './emoji-data.ts';

/** The emoji that are not held out. */
export function trainingEmoji(all: readonly Emoji[]): Emoji[] {
  const heldOut = heldOutIds(all);
  return all.filter(({ id }) => !heldOut.has(id));
}

/** Paths of an emoji's pictures in the styles that are not held out. */
export function trainingPictures({ images }: Emoji): string[] {
  return styles.filter((style) => style !== heldOutStyle).flatMap((style) => images[style] ?? []);
}

export async function readTrainingData(folder: string): Promise<TrainingData> {
  const emoji = trainingEmoji(await readEmoji(folder));
  const artworks: Artwork[][] = [];
  for (const one of emoji) {
    artworks.push(await Promise.all(trainingPictures(one).map((path) => readArtwork(join(folder, path)))));
  }
  return { emoji, artworks };
}
