import { blobFiles, type Files } from '@diptych/files';
import { goldenBytes } from '@diptych/golden';
import type { Json } from '../changed-kind.ts';
import { merged } from '../merged.ts';
import { type Fill, grown, type Manifest, manifestOf, withHeaders } from './grown.ts';
import type { Published } from './published.ts';

/** Arrays of the files of weights, by their paths. */
export type Weights = ReadonlyMap<string, Manifest>;

export async function weightsOf({ folder, weights }: Pick<Published, 'folder' | 'weights'>): Promise<Weights> {
  const all = Object.entries(weights).map(
    async ([path, growth]) => [path, grown(await manifestOf(`${folder}/${path}`), growth)] as const,
  );
  return new Map(await Promise.all(all));
}

/** A model of the published size, without a weight unless `fill` makes them. */
export async function filesOf(
  { model, folder, json }: Pick<Published, 'model' | 'folder' | 'json'>,
  weights: Weights,
  fill?: Fill,
): Promise<Files> {
  const configs = Object.entries(json).map(async ([path, fields]) => {
    const small = JSON.parse(new TextDecoder().decode(await goldenBytes(`${folder}/${path}`))) as Json;
    const whole = Array.isArray(small) ? small : merged(small, fields);
    return [path, new Blob([JSON.stringify(whole)])] as const;
  });
  return withHeaders(blobFiles(Object.fromEntries(await Promise.all(configs)), model), weights, fill);
}
