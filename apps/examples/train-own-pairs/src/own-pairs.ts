import type { Embeddings } from '@diptych/core';
import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import sharp from 'sharp';

const colours = {
  ruĝa: '#d21f26',
  blua: '#2247d8',
  verda: '#1f9e3c',
  flava: '#f2c811',
  viola: '#8033c9',
  nigra: '#222',
};
const shapes = {
  rondo: '<circle r="22"/>',
  kvadrato: '<rect x="-20" y="-20" width="40" height="40"/>',
  triangulo: '<path d="M0-24 24 20H-24z"/>',
  kruco: '<path d="M-8-24H8V-8H24V8H8V24H-8V8H-24V-8H-8z"/>',
  luno: '<path d="M8-24A24 24 0 1 0 8 24 18 24 0 1 1 8-24z"/>',
  ringo:
    '<path fill-rule="evenodd" d="M-24 0a24 24 0 1 0 48 0 24 24 0 1 0-48 0zm12 0a12 12 0 1 0 24 0 12 12 0 1 0-24 0z"/>',
};
/** Where each is drawn, and how large. */
const placements = ['32 32) scale(1', '28 34) scale(.8', '37 30) scale(.7', '33 27) scale(.9'];

/** A picture of each caption. */
export interface Batch {
  readonly captions: readonly string[];
  readonly pictures: Embeddings;
}

/** Coloured shapes with names in Esperanto, each drawn four times: stands for pictures and words of your own. */
export async function ownPairs(): Promise<Batch[]> {
  const all = Object.entries(colours).flatMap(([colour, fill]) =>
    Object.entries(shapes).map(([shape, body]) => ({ caption: `${colour} ${shape}`, fill, body })),
  );
  using space = await open(emoji);
  const batches: Batch[] = [];
  for (const placement of placements) {
    const pngs = all.map(({ fill, body }) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><g fill="${fill}" transform="translate(${placement})">${body}</g></svg>`;
      return sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer();
    });
    const pictures = await space.embed('image', await Promise.all(pngs));
    batches.push({ captions: all.map(({ caption }) => caption), pictures });
  }
  return batches;
}
