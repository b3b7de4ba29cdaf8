import { blobFiles } from '@diptych/files';
import { expect, it } from 'vitest';
import { cosines, openHeads, saved, trainHeads } from '../src/heads.ts';
import { heldOut } from '../src/held-out.ts';
import { ownPairs } from '../src/own-pairs.ts';

it('finds pictures by captions that it was never trained on, and does so after it was saved and opened', async () => {
  const batches = await ownPairs();
  const { seen, unseen } = heldOut(batches);
  using trained = await trainHeads(seen, 200);
  expect(trained.losses.at(-1)!).toBeLessThan(trained.losses[0]! / 10);
  const { captions, pictures } = batches[0]!;
  const rows = cosines(trained, unseen, pictures);
  const found = rows.map((row) => captions[row.indexOf(Math.max(...row))]);
  // One of 36 by chance.
  expect(found.filter((caption, i) => caption === unseen[i]).length).toBeGreaterThanOrEqual(5);

  const files = blobFiles({ 'own.safetensors': new Blob([saved(trained)]) }, 'own');
  using opened = await openHeads(files, 'own.safetensors');
  expect(cosines(opened, unseen, pictures)).toEqual(rows);
});
