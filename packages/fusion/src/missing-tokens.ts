import { expectMembers, type Fusion } from '@diptych/core';
import { normal, param, type Param, type ParamsOf, variablesOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Available, type AvailableFusion, availableParts } from './available-fusion.ts';
import { eachPart, namesOf, type PartWidths } from './joint-config.ts';
import { type NamedParts, withOwn } from './projections.ts';

/** A learned vector for each part, by its name, that stands for it where it is missing. */
export type MissingTokens = Readonly<Record<string, Param<readonly [number]>>>;

export function missingTokensSpec(parts: PartWidths<string>): MissingTokens {
  return eachPart(parts, (width) => param([width], normal(0.02)));
}

/** Every part, with its token in the rows that lack it. */
export function missingTokens(tokens: ParamsOf<MissingTokens>, available: Available): NamedParts {
  const { parts, mask } = expectMembers(available, 'missingTokens: available', 'parts', 'mask');
  const names = namesOf(parts);
  const columns = tf.split(mask, names.length, 1);
  // Missing rows are zero, so the token is all that stands there.
  const filled = withOwn(tokens, parts, (token, x, name) => {
    return [name, tf.add<tf.Tensor2D>(x, tf.mul(tf.sub(1, columns[names.indexOf(name)]!), token))] as const;
  });
  return Object.fromEntries(filled);
}

/** Any fusion, made able to do without parts. Its variables are the tokens, then those of `fusion`. */
export function missingTokensFusion<Part extends string>(
  widths: PartWidths<Part>,
  tokens: ParamsOf<MissingTokens>,
  fusion: Fusion<Part>,
): AvailableFusion<Part> {
  expectMembers(fusion, 'missingTokensFusion: fusion', 'dim', 'variables', 'forward');
  return {
    dim: fusion.dim,
    variables: [...variablesOf(tokens), ...fusion.variables],
    forward(given, present) {
      const parts = missingTokens(tokens, availableParts(widths, given, present));
      return fusion.forward(parts as Readonly<Record<Part, tf.Tensor2D>>);
    },
  };
}
