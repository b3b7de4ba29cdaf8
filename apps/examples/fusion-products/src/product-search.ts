import { adam, infoNce, optimizer, train } from '@diptych/alignment';
import { gatedFusion, gatedSpec, missingTokensFusion, missingTokensSpec } from '@diptych/fusion';
import { initializeModel, l2Normalize } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import type { Catalogue } from './catalogue.ts';

/** What is known of a product that is looked for: one part or both. */
export interface Query {
  readonly picture?: Float32Array;
  readonly title?: Float32Array;
}

export interface ProductSearch extends Disposable {
  /** Of each step of the training. */
  readonly losses: readonly number[];
  /** Products by their joint vectors, the nearest first. */
  find(query: Query): string[];
}

/**
 * A gate joins picture and title into one vector, and a learned one stands for what is missing. It is trained so that a
 * product with one part alone lies next to itself with both.
 */
export async function productSearch(of: Catalogue, steps: number): Promise<ProductSearch> {
  await enableAutodiff();
  const [n, config] = [of.names.length, { parts: { picture: of.dim, title: of.dim }, dim: 32 }];
  const model = initializeModel({ tokens: missingTokensSpec(config.parts), head: gatedSpec(config) }, 7);
  const fusion = missingTokensFusion(config.parts, model.params.tokens, gatedFusion(config, model.params.head));
  const rows = (data: Float32Array) => tf.tensor2d(data, [data.length / of.dim, of.dim]);
  const joint = ({ picture, title }: Query) =>
    l2Normalize(fusion.forward({ ...(picture && { picture: rows(picture) }), ...(title && { title: rows(title) }) }));

  const both = { picture: of.pictures, title: of.titles };
  const loss = (step: number) => {
    const one = step % 2 === 0 ? { picture: of.pictures } : { title: of.titles };
    return infoNce(joint(both), joint(one), tf.scalar(10));
  };
  const losses: number[] = [];
  using rule = optimizer(model.variables, adam());
  const batches = Array.from({ length: steps }, (_, step) => step);
  for await (const step of train({ optimizer: rule, batches, loss, schedule: () => 0.01 })) losses.push(step.loss);

  const products = tf.tidy(() => joint(both).arraySync());
  const find = (query: Query) => {
    const [wanted] = tf.tidy(() => joint(query).arraySync());
    const scores = products.map((row) => row.reduce((sum, value, i) => sum + value * wanted![i]!, 0));
    const order = Array.from({ length: n }, (_, i) => i).toSorted((a, b) => scores[b]! - scores[a]!);
    return order.map((i) => of.names[i]!);
  };
  return { losses, find, [Symbol.dispose]: () => model.dispose() };
}
