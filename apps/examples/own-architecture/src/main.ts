import { readdir } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { open } from 'diptych';
import { labels } from './labels.ts';
import { mira } from './mira.ts';

const shared = resolve(import.meta.dirname, '../../../../../shared');
const [folder = join(shared, 'models/mira_clip'), photos = join(shared, 'golden/mira/images')] = process.argv.slice(2);

using space = await open(folder, { architectures: [mira] });
const files = (await readdir(photos)).filter((file) => /\.(png|jpe?g|webp)$/i.test(file)).toSorted();
const predictions = await space.classify(
  files.map((file) => join(photos, file)),
  labels,
  { templates: ['{}'] },
);

console.log(`${space.id}: ${space.parameters.toLocaleString('en')} values, ${space.dim} dimensions`);
console.log(['photo'.padEnd(11), 'best label'.padEnd(32), 'second'.padEnd(32), 'third'].join(' '));
predictions.forEach((best, i) => {
  const cells = best.slice(0, 3).map(({ label, score }) => `${label} ${(100 * score).toFixed(0)} %`.padEnd(32));
  console.log(parse(files[i]!).name.padEnd(11), ...cells);
});
