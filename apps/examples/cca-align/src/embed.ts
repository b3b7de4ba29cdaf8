import { emoji } from '@diptych/model-emoji';
import { photo } from '@diptych/model-photo';
import { open } from 'diptych';
import type { Named } from './pictures.ts';

/** Pictures by a network that learned from photos, words by one that learned from emoji: two that never met. */
export async function embedApart(pairs: readonly Named[]) {
  using ofPictures = await open(photo);
  using ofWords = await open(emoji);
  return {
    pictures: await ofPictures.embed(
      'image',
      pairs.map(({ png }) => png),
    ),
    words: await ofWords.embed(
      'text',
      pairs.map(({ words }) => words),
    ),
  };
}
