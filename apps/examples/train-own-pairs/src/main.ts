import { writeFile } from 'node:fs/promises';
import { directory } from '@diptych/files/node';
import { cosines, openHeads, saved, trainHeads } from './heads.ts';
import { heldOut } from './held-out.ts';
import { ownPairs } from './own-pairs.ts';

const batches = await ownPairs();
const { seen, unseen } = heldOut(batches);
using trained = await trainHeads(seen, 200);
console.log(`loss ${trained.losses[0]!.toFixed(2)} to ${trained.losses.at(-1)!.toFixed(2)}`);
await writeFile('own-pairs.safetensors', saved(trained));

using heads = await openHeads(directory('.'), 'own-pairs.safetensors');
const { captions, pictures } = batches[0]!;
for (const [i, row] of cosines(heads, unseen, pictures).entries()) {
  const found = captions[row.indexOf(Math.max(...row))];
  console.log(`${unseen[i]} → ${found}`);
}
