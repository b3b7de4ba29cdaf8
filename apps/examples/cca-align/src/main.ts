import { align } from './align.ts';
import { embedApart } from './embed.ts';
import { namedPictures } from './pictures.ts';

const pairs = await namedPictures(600);
const { pictures, words } = await embedApart(pairs);
const { correlations, metrics } = await align(pictures, words);
const held = Math.ceil(pairs.length / 5);
console.log(`${pairs.length} pairs, ${held} held out`);
console.log(
  `pictures ${pictures.shape[1]} numbers, words ${words.shape[1]}, first correlation ${correlations[0]!.toFixed(2)}`,
);
console.log(
  `a picture is among the first ten of its words: ${percent(metrics['image_retrieval_recall@10']!)} (by chance ${percent(10 / held)})`,
);

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
