import { type ConfigReader, EmbeddingError, expectMembers } from '@diptych/core';
import type { LayerPlace } from './layer-places.ts';

/** Which variables of a published model a run moves, and how fast. */
export interface Tuning {
  /** Of a parameter by its path, as `text.blocks.0.mlp.fc1.bias`. */
  readonly moves: (path: string, place: LayerPlace) => boolean;
  /** What the learning rate of a layer is multiplied by, for each layer that is behind it. */
  readonly layerDecay: number;
}

/**
 * What `tune` of a configuration says: `kind` is `whole`; `lockedImage`, which leaves the image tower as it is (LiT, Zhai et al.
 * 2022, arXiv:2111.07991); `last`, the last `blocks` of each tower and what follows them; or `bias` (BitFit, Ben Zaken et al.
 * 2022, arXiv:2106.10199). With all `layerDecay`, as of ELECTRA and BEiT.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` with the path of the field.
 */
export function tuningOf(reader: ConfigReader): Tuning {
  expectMembers(reader, 'tuningOf', 'only', 'choice');
  const moves = reader.choice('kind', kinds, 'whole')(reader);
  const layerDecay = reader.number('layerDecay', 1);
  if (layerDecay > 0 && layerDecay <= 1) return { moves, layerDecay };
  const expected = 'a number above 0, and 1 at most';
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: layerDecay`, expected, got: layerDecay });
}

const kinds: Readonly<Record<string, (reader: ConfigReader) => Tuning['moves']>> = {
  whole: simple(() => true),
  lockedImage: simple((path) => path.startsWith('text.')),
  last(reader) {
    reader.only('kind', 'layerDecay', 'blocks');
    const blocks = reader.count('blocks');
    return (_, { layer, layers }) => layer > Math.max(0, layers - blocks);
  },
  bias: simple((path) => path.endsWith('.bias')),
};

function simple(moves: Tuning['moves']) {
  return (reader: ConfigReader): Tuning['moves'] => {
    reader.only('kind', 'layerDecay');
    return moves;
  };
}
