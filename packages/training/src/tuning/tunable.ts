import type { Batch, Checkpoint, Encoder, Similarity } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { Placement } from '@diptych/nn';
import type { Image } from '@diptych/preprocessing/image';
import type { Variable } from '@tensorflow/tfjs-core';

/** A tower of a published model. */
export interface TunableTower<Item> {
  readonly encoder: Encoder<Batch>;
  /** An item as `preprocess` takes it. Default the item itself. */
  read?(item: Item, options: { readonly signal?: AbortSignal | undefined }): unknown;
  preprocess(items: readonly unknown[], signal?: AbortSignal): Batch | Promise<Batch>;
}

/** A published model whose variables may be moved, as `openTrainable` of `diptych` gives it. */
export interface Tunable {
  readonly id: string;
  readonly similarity: Similarity;
  readonly towers: { readonly text: TunableTower<string>; readonly image: TunableTower<Uint8Array | Image> };
  /** By dotted path, below `text` and `image`; `logScale` and `bias` where the model has them. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Every parameter, in the order in which the towers use them, and the arrays that it is made of. */
  readonly placements: readonly Placement[];
  readonly checkpoint: Checkpoint;
  readonly files: Files;
  /** Paths of what was read of the files, weights included. */
  readonly read: readonly string[];
}
