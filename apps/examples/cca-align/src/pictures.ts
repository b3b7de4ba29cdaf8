import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJson, parseJson } from '@diptych/core';
import sharp from 'sharp';

/** A picture with the words for what it shows. */
export interface Named {
  readonly words: string;
  readonly png: Uint8Array;
}

/** Every so many-th picture of Fluent Emoji Flat (Microsoft, MIT), `count` in all, persons and flags left out. */
export async function namedPictures(count: number): Promise<Named[]> {
  const path = fileURLToPath(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json'));
  const set = parseJson(await readFile(path), path, { ...configJson, maxLong: 4096 }) as {
    icons: Record<string, { body: string }>;
  };
  const all = Object.entries(set.icons).filter(
    ([name]) => !/person|man|woman|people|hand|face|flag|button|light|dark/.test(name),
  );
  const chosen = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
  return Promise.all(
    chosen.map(async ([name, { body }]) => {
      const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${body}</svg>`);
      const picture = sharp(svg, { density: 288 }).resize(96, 96).flatten({ background: '#fff' });
      return { words: name.replaceAll('-', ' '), png: new Uint8Array(await picture.png().toBuffer()) };
    }),
  );
}
