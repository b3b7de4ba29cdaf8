// Prints the numbers of the model card: names against pictures of a style that no training saw.
import { parseArgs } from 'node:util';
import { open } from 'diptych';
import { emoji } from '../src/index.ts';
import { heldOutStyle, sharedEmoji } from './emoji-data.ts';
import { type Direction, evaluateEmoji } from './evaluation.ts';

const { values: options } = parseArgs({ options: { data: { type: 'string', default: sharedEmoji } } });

using space = await open(emoji);
const { pictures, heldOut, toPicture, toName } = await evaluateEmoji(space, options.data);

const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8);
const cells = ({ all, heldOut: unseen }: Direction) =>
  [all, unseen].flatMap((metrics) => ['recall@1', 'recall@10'].map((name) => percent(metrics[name]!))).join('  ');

console.log(`${pictures} pictures in the style ${heldOutStyle}, ${heldOut} of them of emoji that training never saw`);
console.log(`${' '.repeat(16)}${['R@1', 'R@10', 'unseen R@1', 'R@10'].map((name) => name.padStart(8)).join('  ')}`);
console.log('picture to name '.padEnd(16) + cells(toName));
for (const [language, result] of toPicture) console.log(`${language} to picture`.padEnd(16) + cells(result));
const mean = [...toPicture.values()].reduce((sum, { all }) => sum + all['recall@10']!, 0) / toPicture.size;
console.log(`text to picture, R@10, mean of ${toPicture.size} languages: ${percent(mean).trim()}`);
const chance = 10 / pictures;
console.log(`by chance R@10 is ${percent(chance).trim()}`);
