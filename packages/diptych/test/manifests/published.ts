import type { Json } from '../changed-kind.ts';
import type { Growth } from './grown.ts';

/** A published model by a small one of its layout, and what its own configuration says otherwise. */
export interface Published {
  readonly model: string;
  /** Of the small model, among the references. */
  readonly folder: string;
  /** Its files beside the weights, with the fields that differ. */
  readonly json: Readonly<Record<string, Json>>;
  readonly weights: Readonly<Record<string, Growth>>;
  /** Arrays of the file that nothing reads. */
  readonly unused?: RegExp;
  /** Of the model without what is unused, where `knownModels` does not have it. */
  readonly parameters?: number;
  /** The same to two places, as open_clip's table of models has it. */
  readonly millions?: number;
}

/** The sizes of a transformer by the name that configurations of transformers have for them. */
export function sizes(width: number, layers: number, mlpWidth = 4 * width): Json {
  return {
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: width / 64,
    intermediate_size: mlpWidth,
  };
}
