import type { Fusion } from '@diptych/core';
import { normal, param, type Param, type ParamsOf, variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Available, type AvailableFusion, availableParts } from './available-fusion.ts';
import { eachPart, type PartWidths } from './joint-config.ts';

/** A learned vector for each part, by its name, that stands for it where it is missing. */
export type MissingTokens = Readonly<Record<string, Param<readonly [number]>>>;

export function missingTokensSpec(parts: PartWidths<string>): MissingTokens {
  return eachPart(parts, (width) => param([width], normal(0.02)));
}

/** Every part, with its token in the rows that lack it. */
export function missingTokens(tokens: ParamsOf<MissingTokens>, { parts, mask }: Available): tf.Tensor2D[] {
  const columns = tf.split(mask, parts.length, 1);
  // Missing rows are zero, so the token is all that stands there.
  return Object.values(tokens).map((token, i) => tf.add(parts[i]!, tf.mul(tf.sub(1, columns[i]!), token)));
}

/** Any fusion, made able to do without parts. Its variables are the tokens, then those of `fusion`. */
export function missingTokensFusion<Part extends string>(
  widths: PartWidths<Part>,
  tokens: ParamsOf<MissingTokens>,
  fusion: Fusion<Part>,
): AvailableFusion<Part> {
  const names = Object.keys(widths) as Part[];
  return {
    dim: fusion.dim,
    variables: [...variablesOf(tokens), ...fusion.variables],
    forward(given, mask) {
      const parts = missingTokens(tokens, availableParts(widths, given, mask));
      const named = Object.fromEntries(names.map((name, i) => [name, parts[i]!]));
      return fusion.forward(named as Record<Part, tf.Tensor2D>);
    },
  };
}
