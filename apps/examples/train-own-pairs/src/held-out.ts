import type { Batch } from './own-pairs.ts';

/** Every seventh caption is kept from the training: each of its words is seen, in other pairs. */
export function heldOut(batches: readonly Batch[]): { readonly seen: Batch[]; readonly unseen: string[] } {
  const isKept = (i: number) => i % 7 !== 0;
  const seen = batches.map(({ captions, pictures }) => {
    const { data, shape } = pictures;
    const kept = captions.flatMap((_, i) => (isKept(i) ? [i] : []));
    const rows = kept.flatMap((i) => [...data.subarray(i * shape[1], (i + 1) * shape[1])]);
    return {
      captions: kept.map((i) => captions[i]!),
      pictures: { ...pictures, data: Float32Array.from(rows), shape: [kept.length, shape[1]] as const },
    };
  });
  return { seen, unseen: batches[0]!.captions.filter((_, i) => !isKept(i)) };
}
