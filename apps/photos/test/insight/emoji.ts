import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import sharp from 'sharp';
import type { Matrix } from '../../src/insight/rows.ts';

/** Pictures of one collection, words of what it shows, and words of what it does not. */
export interface Collection {
  readonly names: readonly string[];
  readonly photos: Matrix;
  readonly present: Matrix;
  readonly absent: Matrix;
  readonly others: Matrix;
  words(words: readonly string[]): Promise<Matrix>;
  [Symbol.dispose](): void;
}

const variants =
  /-(?:dark|medium-dark|medium|medium-light|light)$|button|clock|face|arrow|circle|square|keycap|sign|person|man|woman/;

/** Every fourth of Fluent Emoji Flat, drawn on white, and names of the others. */
export async function emojiCollection(): Promise<Collection> {
  const path = fileURLToPath(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json'));
  const { icons } = JSON.parse(readFileSync(path, 'utf8')) as { icons: Record<string, { body: string }> };
  const all = Object.keys(icons).filter((name) => !variants.test(name));
  const [shown, absent, others] = [0, 1, 2].map((at) => all.filter((_, i) => i % 4 === at)) as [
    string[],
    string[],
    string[],
  ];
  const drawn = shown.map(async (name) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 32 32"><rect width="32" height="32" fill="#fff"/>${icons[name]!.body}</svg>`;
    return new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer());
  });
  const model = await open(emoji);
  const words = async (list: readonly string[]) => {
    const { data, shape } = await model.embed(
      'text',
      list.map((name) => name.replaceAll('-', ' ')),
    );
    return { data, shape };
  };
  return {
    names: shown,
    photos: await model.embed('image', await Promise.all(drawn)),
    present: await words(shown),
    absent: await words(absent),
    others: await words(others.slice(0, 64)),
    words,
    [Symbol.dispose]: () => model.dispose(),
  };
}
