import { type ConfigReader, EmbeddingError, expectMembers, quote } from '@diptych/core';
import type { LayerPlace } from './layer-places.ts';
import type { Lora } from './lora.ts';

/** Which variables of a published model a run moves, and how fast. */
export interface Tuning {
  /** Of a parameter by its path, as `text.blocks.0.mlp.fc1.bias`. */
  readonly moves: (path: string, place: LayerPlace) => boolean;
  /** What the learning rate of a layer is multiplied by, for each layer that is behind it. */
  readonly layerDecay: number;
  /** Adapters of weights that stay as they are. */
  readonly lora?: Lora | undefined;
}

/**
 * What `tune` of a configuration says: `kind` is `whole`; `lockedImage`, which leaves the image tower as it is (LiT, Zhai et al.
 * 2022, arXiv:2111.07991); `last`, the last `blocks` of each tower and what follows them; `bias` (BitFit, Ben Zaken et al. 2022,
 * arXiv:2106.10199); or `lora`, with `rank`, `alpha` and `targets` as PEFT has them (Hu et al. 2021, arXiv:2106.09685), which are saved
 * `merged` or as an `adapter` alone. With all `layerDecay`, as of ELECTRA and BEiT.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` with the path of the field.
 */
export function tuningOf(reader: ConfigReader): Tuning {
  expectMembers(reader, 'tuningOf', 'only', 'choice');
  const found = reader.choice('kind', kinds, 'whole')(reader);
  const layerDecay = reader.number('layerDecay', 1);
  if (layerDecay > 0 && layerDecay <= 1) return { ...found, layerDecay };
  const expected = 'a number above 0, and 1 at most';
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: layerDecay`, expected, got: layerDecay });
}

const kinds: Readonly<Record<string, (reader: ConfigReader) => Pick<Tuning, 'moves' | 'lora'>>> = {
  whole: simple(() => true),
  lockedImage: simple((path) => path.startsWith('text.')),
  last(reader) {
    reader.only('kind', 'layerDecay', 'blocks');
    const blocks = reader.count('blocks');
    return { moves: (_, { layer, layers }) => layer > Math.max(0, layers - blocks) };
  },
  bias: simple((path) => path.endsWith('.bias')),
  lora(reader) {
    reader.only('kind', 'layerDecay', 'rank', 'alpha', 'targets', 'save');
    const rank = reader.count('rank', 8);
    const alpha = reader.number('alpha', 8);
    const alone = reader.choice('save', { merged: false, adapter: true }, 'merged');
    const targets = reader.has('targets') ? targetsOf(reader) : undefined;
    return { moves: () => false, lora: { rank, alpha, alone, targets } };
  },
};

function simple(moves: Tuning['moves']) {
  return (reader: ConfigReader): Pick<Tuning, 'moves'> => {
    reader.only('kind', 'layerDecay');
    return { moves };
  };
}

function targetsOf(reader: ConfigReader): readonly string[] {
  const found = reader.value('targets');
  if (Array.isArray(found) && found.length > 0 && found.every((one) => typeof one === 'string')) return found;
  const expected = 'a list of names of modules';
  throw new EmbeddingError('CONFIG_INVALID', { where: `${reader.where}: targets`, expected, got: quote(found) });
}
