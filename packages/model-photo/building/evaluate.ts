// Prints the numbers of the model card.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { directory } from '@diptych/files/node';
import { open } from 'diptych';
import { photo, photoArchitecture } from '../src/index.ts';
import { evaluateCoco, evaluateFlickr, evaluateFlowers } from './evaluation.ts';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../../../shared/data') },
    /** Default the model that ships. */
    weights: { type: 'string' },
  },
});

using space = options.weights
  ? await open(directory(options.weights), { architectures: [photoArchitecture] })
  : await open(photo);

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const recalls = (metrics: Readonly<Record<string, number>>, way: string) =>
  [1, 5, 10].map((k) => percent(metrics[`${way}_retrieval_recall@${k}`]!)).join('  ');

const coco = await evaluateCoco(space, options.data);
console.log(`coco_mini, captions to photos    R@1/5/10  ${recalls(coco.captions, 'image')}`);
console.log(`coco_mini, ${coco.objects} words, mAP@10        ${percent(coco.map10)}`);
const flickr = await evaluateFlickr(space, options.data);
console.log(`flickr8k, captions to photos     R@1/5/10  ${recalls(flickr, 'image')}`);
console.log(`          median rank            ${flickr['image_retrieval_median_rank']}`);
console.log(`flickr8k, photos to captions     R@1/5/10  ${recalls(flickr, 'text')}`);
console.log(`          median rank            ${flickr['text_retrieval_median_rank']}`);
console.log(`flowers, five kinds              ${percent(await evaluateFlowers(space, options.data))}`);
