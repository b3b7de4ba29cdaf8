import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJson, parseJson } from '@diptych/core';
import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import sharp from 'sharp';

/** What a shop sells. */
const names = (
  'red-apple green-apple banana strawberry pizza hamburger bread candy doughnut cookie ' +
  'guitar violin trumpet drum bicycle kick-scooter skateboard canoe backpack umbrella ' +
  'camera laptop telephone radio hammer wrench axe key scissors candle ' +
  'necktie jeans dress flat-shoe top-hat glasses crown ring teddy-bear kite'
).split(' ');

export interface Catalogue {
  readonly names: readonly string[];
  /** `[n, dim]` rows of the pictures. */
  readonly pictures: Float32Array;
  /** `[n, dim]` rows of the titles. */
  readonly titles: Float32Array;
  readonly dim: number;
}

/** Pictures and titles of products, as rows. Drawn from Fluent Emoji Flat (Microsoft, MIT). */
export async function catalogue(): Promise<Catalogue> {
  const path = fileURLToPath(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json'));
  const set = parseJson(readFileSync(path), path, { ...configJson, maxLong: 4096 });
  const { icons } = set as { icons: Record<string, { body: string }> };
  const drawings = names.map((name) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96" viewBox="0 0 32 32">${icons[name]!.body}</svg>`;
    return sharp(Buffer.from(svg)).flatten({ background: '#fff' }).png().toBuffer();
  });
  using space = await open(emoji);
  const titles = names.map((name) => name.replaceAll('-', ' '));
  return {
    names: titles,
    pictures: (await space.embed('image', await Promise.all(drawings))).data,
    titles: (await space.embed('text', titles)).data,
    dim: space.dim,
  };
}
