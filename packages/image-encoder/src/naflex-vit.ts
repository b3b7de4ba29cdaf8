import { type Batch, EmbeddingError, type Encoder, expectList, expectMembers, expectObjects } from '@diptych/core';
import {
  gatherRows,
  type Grid,
  layerNorm,
  linear,
  type Linear,
  linearSpec,
  type ParamsOf,
  resizePositions,
  transformer,
  type TransformerConfig,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { mapHead } from './map-head.ts';
import { type SiglipVit, siglipVitSpec } from './siglip-vit.ts';

/**
 * The vision transformer of SigLIP 2 NaFlex, Tschannen et al. 2025, arXiv:2502.14786, which keeps the shape of each image: as many
 * patches as it has, up to a most that its processor knows. Embeddings are as long as it is wide.
 */
export interface NaflexVitConfig extends TransformerConfig {
  /** Side of a patch in pixels. */
  readonly patchSize: number;
  /** Rows, and columns, of the grid that the position embeddings belong to. */
  readonly side: number;
}

/** Patches of `n` images, `[n, longest, 3 * patchSize ** 2]`, row by row, each `[row, column, channel]`; behind an image's own is padding. */
export interface PatchBatch extends Batch {
  readonly patches: Float32Array;
  /** Rows and columns of each image, `[n, 2]`. */
  readonly grids: Int32Array;
  readonly shape: readonly [n: number, longest: number, values: number];
}

export type NaflexVit = Omit<SiglipVit, 'patchEmbedding'> & { readonly patchEmbedding: Linear };

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function naflexVitSpec(config: NaflexVitConfig): NaflexVit {
  const { width, patchSize, side } = expectMembers(config, 'config', 'width', 'patchSize', 'side');
  const fixed = siglipVitSpec({ ...config, imageSize: side * patchSize, positionResize: 'naflex' });
  return { ...fixed, patchEmbedding: linearSpec(3 * patchSize ** 2, width) };
}

/**
 * Images with as many patches are computed at once, and nothing of padding.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches and grids do not belong together.
 */
export function naflexVit(config: NaflexVitConfig, params: ParamsOf<NaflexVit>): Encoder<PatchBatch> {
  expectObjects({ config, params });
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward: (batch) => inGroups(batch, config, (group) => mapHead(config, params.head, states(config, params, group))),
  };
}

/** One vector for each patch, `[n, longest, width]`, after the last norm; behind those of an image there are zeros. */
export function naflexVitTokens(config: NaflexVitConfig, params: ParamsOf<NaflexVit>, batch: PatchBatch): tf.Tensor3D {
  expectObjects({ config, params, batch });
  const [n, longest] = expectMembers(batch, 'batch', 'shape', 'patches', 'grids').shape;
  const padded = inGroups(batch, config, (group) => {
    const own = states(config, params, group);
    const [count, length] = own.shape;
    return tf.reshape<tf.Rank.R2>(
      tf.pad(own, [
        [0, 0],
        [0, longest - length],
        [0, 0],
      ]),
      [count, longest * config.width],
    );
  });
  return tf.reshape(padded, [n, longest, config.width]);
}

/** Images of one number of patches. */
interface Group {
  /** `[images, patches, values]`. */
  readonly patches: tf.Tensor3D;
  readonly grids: readonly Grid[];
}

/** Rows of groups, in the order of the images. */
function inGroups(batch: PatchBatch, config: NaflexVitConfig, rowsOf: (group: Group) => tf.Tensor2D): tf.Tensor2D {
  const grids = gridsOf(batch, config);
  const [n, longest, values] = batch.shape;
  const groups = new Map<number, number[]>();
  for (const [i, grid] of grids.entries()) {
    const count = patchesIn(grid);
    groups.set(count, [...(groups.get(count) ?? []), i]);
  }
  const order = [...groups.values()].flat();
  const rows = [...groups].map(([count, items]) =>
    tf.tidy(() => {
      const patches = new Float32Array(items.length * count * values);
      for (const [to, i] of items.entries()) {
        const begin = i * longest * values;
        patches.set(batch.patches.subarray(begin, begin + count * values), to * count * values);
      }
      const own = items.map((i) => grids[i]!);
      return rowsOf({ patches: tf.tensor3d(patches, [items.length, count, values]), grids: own });
    }),
  );
  const places = new Int32Array(n);
  for (const [at, i] of order.entries()) places[i] = at;
  return groups.size === 1 ? rows[0]! : gatherRows(tf.concat(rows), places);
}

function states(config: NaflexVitConfig, params: ParamsOf<NaflexVit>, { patches, grids }: Group): tf.Tensor3D {
  const { side, layerNormEpsilon } = config;
  const known = new Map<number, tf.Tensor2D>();
  const positions = grids.map((grid) => {
    const found = known.get(grid[0]) ?? resizePositions(params.positions, [side, side], grid, 'naflex');
    known.set(grid[0], found);
    return found;
  });
  const places = known.size === 1 ? positions[0]! : tf.stack(positions);
  const tokens = tf.add<tf.Tensor3D>(linear(params.patchEmbedding, patches), places);
  return layerNorm(params.postNorm, transformer(config, params.blocks, tokens), layerNormEpsilon);
}

function patchesIn([rows, columns]: Grid): number {
  return rows * columns;
}

function gridsOf(batch: PatchBatch, { patchSize }: NaflexVitConfig): readonly Grid[] {
  const { patches, grids, shape } = expectMembers(batch, 'batch', 'patches', 'grids', 'shape');
  expectList(shape, 'batch: shape');
  const [n, longest, values] = shape;
  const own = Array.from({ length: n }, (_, i): Grid => [grids[2 * i]!, grids[2 * i + 1]!]);
  const fits = own.every((grid) => grid.every((side) => side >= 1) && patchesIn(grid) <= longest);
  if (values === 3 * patchSize ** 2 && patches.length === n * longest * values && grids.length === 2 * n && fits)
    return own;
  const expected = `patches [n, longest, ${3 * patchSize ** 2}], and of each image a grid of at most as many`;
  const got = `${patches.length} values and grids ${[...grids.subarray(0, 8)].join(', ')} in [${shape}]`;
  throw new EmbeddingError('SHAPE_MISMATCH', { where: 'images', expected, got });
}
