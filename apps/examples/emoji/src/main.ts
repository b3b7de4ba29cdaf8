import { styleText } from 'node:util';
import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import { artworks, drawPng } from './artwork.ts';
import { nearest } from './search.ts';
import { terminalPicture } from './terminal-picture.ts';

const queries = [
  'smiling cat',
  'Weihnachtsbaum',
  'pastel de cumpleaños',
  'cœur rouge',
  'посадка самолета',
  '雪だるま',
  'صاروخ',
  'şemsiye',
];
const shown = ['octopus', 'sunflower', 'fire-engine'];
/** Side of a drawn picture, in pixels. */
const size = 96;

const colours = process.stdout.isTTY && process.stdout.hasColors(2 ** 24);
const bold = (text: string) => (colours ? styleText('bold', text) : text);
const started = performance.now();
using space = await open(emoji);
const pictures = await artworks();
const words = pictures.map(({ name }) => name.replaceAll('-', ' '));
console.log(
  `${space.id}: ${space.parameters.toLocaleString('en')} values, ${space.dim} dimensions, nothing downloaded.`,
);
console.log(`Fluent Emoji Flat: ${pictures.length} pictures, in a style that its training never saw.`);

const rows = await space.embed('image', await Promise.all(pictures.map(({ svg }) => drawPng(svg, size))));
const gallery = { names: pictures.map(({ character }, i) => `${character} ${words[i]}`), rows };
console.log(`\n${bold('Words in, pictures out')}\n`);
nearest(space, await space.embed('text', queries), gallery, 3).forEach((hits, i) => {
  console.log(`  ${bold(queries[i]!)}\n      ${hits.map(({ name }) => name).join('   ')}`);
});

const vocabulary = { names: words, rows: await space.embed('text', words) };
console.log(`\n${bold('A picture in, words out')}\n`);
for (const { name, character, svg } of pictures) {
  if (!shown.includes(name)) continue;
  const [hits] = nearest(space, await space.embed('image', [await drawPng(svg, size)]), vocabulary, 3);
  console.log(colours ? await terminalPicture(svg, 24) : `  ${character}`);
  console.log(`      ${hits!.map((hit) => `${hit.name} ${hit.cosine.toFixed(2)}`).join('   ')}`);
}
console.log(`\n${((performance.now() - started) / 1000).toFixed(1)} s in all.`);
