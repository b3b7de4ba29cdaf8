import {
  arcFace,
  batchAllTriplet,
  batchHardTriplet,
  batchSemiHardTriplet,
  circle,
  devise,
  fallingNegatives,
  infoNce,
  infoNceSpec,
  type Labels,
  type MiningOptions,
  multiPositive,
  multiSimilarity,
  order,
  orderEmbedding,
  pairContrastive,
  proxiesSpec,
  proxyAnchor,
  proxyNca,
  siglip,
  siglipSpec,
  supCon,
  vse0,
  vsepp,
} from '@diptych/alignment';
import { type ConfigReader, EmbeddingError } from '@diptych/core';
import type { ParamsOf, Spec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { LossPlan, RowLoss } from './loss-plan.ts';

/**
 * Losses by name, and what a configuration may say of each. They are given unit rows of captions and images that all differ, and
 * labels: those of the data, or where these have none the images themselves.
 */
export const losses: Readonly<Record<string, (reader: ConfigReader) => LossPlan>> = {
  vse0: numbers(
    { margin: 0.2 },
    ({ margin }) =>
      (a, b, labels) =>
        vse0(a, b, { margin, labels }),
  ),
  vsepp: mining(vsepp, 0.2),
  // The towers give no value below 0 then.
  order: (reader) => ({ ...mining(order, 0.05)(reader), similarity: 'order' }),
  orderEmbedding: (reader) => {
    const plan = numbers({ margin: 0.05 }, (given) => (a, b, labels) => orderEmbedding(a, b, { ...given, labels }));
    return { ...plan(reader), similarity: 'order' };
  },
  devise: numbers({ margin: 0.1 }, (given) => (a, b, labels) => devise(a, b, { ...given, labels })),
  pairContrastive: numbers(
    { margin: 1 },
    ({ margin }) =>
      (a, b) =>
        pairContrastive(a, b, margin),
  ),
  infoNce: scaled((a, b, _, logScale) => infoNce(a, b, logScale)),
  siglip: (reader) => {
    only(reader, 'scale', 'bias');
    const given = read(reader, { scale: 10, bias: -10 });
    const spec = siglipSpec(Math.log(given.scale), given.bias);
    return learned(spec, ({ logScale, bias }, a, b) => siglip(a, b, logScale, bias));
  },
  batchHardTriplet: (reader) => {
    only(reader, 'margin');
    const margin = reader.number('margin', 0.3);
    const hard = bothWays((a, b, labels) => batchHardTriplet(a, b, { margin, labels }));
    return { spec: () => ({}), rows: (_, progress) => growing(hard, progress) };
  },
  batchSemiHardTriplet: numbers({ margin: 0.3 }, (given) =>
    bothWays((a, b, labels) => batchSemiHardTriplet(a, b, { ...given, labels })),
  ),
  batchAllTriplet: numbers({ margin: 0.3 }, (given) =>
    bothWays((a, b, labels) => batchAllTriplet(a, b, { ...given, labels })),
  ),
  multiPositive: labelled(scaled((a, b, labels, logScale) => multiPositive(a, b, labels, logScale))),
  supCon: labelled(numbers({ temperature: 0.1 }, (given) => (a, b, labels) => supCon(a, b, labels, given))),
  circle: labelled(
    numbers({ margin: 0.4, gamma: 80 }, (given) => bothWays((a, b, labels) => circle(a, b, labels, given))),
  ),
  multiSimilarity: labelled(
    numbers({ alpha: 2, beta: 50, base: 0.5 }, (given) =>
      bothWays((a, b, labels) => multiSimilarity(a, b, labels, given)),
    ),
  ),
  proxyAnchor: labelled(
    proxies({ margin: 0.1, alpha: 32 }, (given) => (x, labels, all) => proxyAnchor(x, labels, all, given)),
  ),
  proxyNca: labelled(
    proxies(
      { scale: 8 },
      ({ scale }) =>
        (x, labels, all) =>
          proxyNca(x, labels, all, scale),
    ),
  ),
  // 0, which no configuration can say, stands for the scale that the number of classes gives.
  arcFace: labelled(
    proxies({ margin: 0.5, scale: 0 }, ({ margin, scale }) => (x, labels, all) => {
      return arcFace(x, labels, all, { margin, scale: scale || scaleFor(all.shape[0]) });
    }),
  ),
};

/** What a softmax over so many cosines needs to become certain, AdaCos' fixed scale: Zhang et al. 2019, arXiv:1905.00292. */
function scaleFor(classes: number): number {
  return Math.SQRT2 * Math.log(Math.max(2, classes - 1));
}

type Reading = (reader: ConfigReader) => LossPlan;

/** Refuses what neither this loss nor every loss has. */
function only(reader: ConfigReader, ...fields: readonly string[]): void {
  reader.only('kind', ...fields, 'matryoshka', 'adversarial');
}

/** A loss that numbers of the configuration describe; `defaults` names them. */
function numbers<K extends string>(
  defaults: Readonly<Record<K, number>>,
  loss: (given: Readonly<Record<K, number>>) => RowLoss,
): Reading {
  return (reader) => {
    only(reader, ...Object.keys(defaults));
    const rows = loss(read(reader, defaults));
    return { spec: () => ({}), rows: () => rows };
  };
}

/** What scores are multiplied or divided by: 0 would make all of them equal, and less turn them round. */
const factors: readonly string[] = ['scale', 'temperature', 'gamma', 'alpha', 'beta'];

/** @throws {EmbeddingError} `CONFIG_INVALID` with the field for a factor that is not above 0. */
function read<K extends string>(reader: ConfigReader, defaults: Readonly<Record<K, number>>): Record<K, number> {
  const names = Object.keys(defaults) as K[];
  const zero = names.find((name) => factors.includes(name) && reader.has(name) && !(reader.number(name) > 0));
  if (zero !== undefined) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `${reader.where}: ${zero}`,
      expected: 'a number above 0',
      got: reader.number(zero),
    });
  }
  return Object.fromEntries(names.map((name) => [name, reader.number(name, defaults[name])])) as Record<K, number>;
}

/** A loss of the hardest negatives: as many as the configuration says, or fewer and fewer in the course of the run. */
function mining(
  loss: (a: tf.Tensor2D, b: tf.Tensor2D, options: MiningOptions) => tf.Scalar,
  usualMargin: number,
): Reading {
  return (reader) => {
    only(reader, 'margin', 'negatives');
    const margin = reader.number('margin', usualMargin);
    const fixed = reader.has('negatives') ? reader.count('negatives') : undefined;
    const rows = (_: unknown, progress: number): RowLoss => {
      return (a, b, labels) =>
        loss(a, b, { margin, labels, negatives: fixed ?? fallingNegatives(progress, a.shape[0]) });
    };
    return { spec: () => ({}), rows };
  };
}

/** A loss with parameters of its own, which do not depend on the data. */
function learned<S extends Spec>(
  spec: S,
  loss: (params: ParamsOf<S>, ...input: Parameters<RowLoss>) => tf.Scalar,
): LossPlan {
  return { spec: () => spec, rows: (model) => (a, b, labels) => loss(model.part(spec, 'loss'), a, b, labels) };
}

/** A loss with the learned scale of CLIP. */
function scaled(loss: (a: tf.Tensor2D, b: tf.Tensor2D, labels: Labels, logScale: tf.Tensor) => tf.Scalar): Reading {
  return (reader) => {
    only(reader, 'scale');
    const spec = infoNceSpec(Math.log(read(reader, { scale: 1 / 0.07 }).scale));
    return { ...learned(spec, ({ logScale }, ...input) => loss(...input, logScale)), clamps: true };
  };
}

/** The mean of both directions, of a loss that compares anchors with candidates. */
function bothWays(loss: RowLoss): RowLoss {
  return (a, b, labels) => tf.mul(tf.add(loss(a, b, labels), loss(b, a, labels)), 0.5);
}

/**
 * The mean of a loss over groups of a batch, whose rows are in random order: pairs at first, the whole batch at the
 * end of the run. The hardest of few is easier than the hardest of all, for which alone towers that know nothing collapse.
 */
function growing(loss: RowLoss, progress: number): RowLoss {
  return (a, b, labels) => {
    const [n, width] = a.shape;
    const groups = Math.max(1, Math.floor((n / 2) ** (1 - progress)));
    if (groups === 1) return loss(a, b, labels);
    const own = Array.from(labels);
    const parts = Array.from({ length: groups }, (_, i) => {
      const [from, end] = [Math.floor((i * n) / groups), Math.floor(((i + 1) * n) / groups)];
      const part = (rows: tf.Tensor2D) => tf.slice(rows, [from, 0], [end - from, width]);
      return tf.mul<tf.Scalar>(loss(part(a), part(b), own.slice(from, end)), (end - from) / n);
    });
    return tf.addN(parts);
  };
}

type ProxyLoss = (x: tf.Tensor2D, labels: Labels, all: tf.Tensor2D) => tf.Scalar;

/** A loss of rows and one learned vector for each class, which images and captions share. These have one length. */
function proxies<K extends string>(
  defaults: Readonly<Record<K, number>>,
  loss: (given: Readonly<Record<K, number>>) => ProxyLoss,
): Reading {
  return (reader) => {
    reader.only('kind', ...Object.keys(defaults), 'adversarial');
    const ofRows = loss(read(reader, defaults));
    return {
      learnsAlone: true,
      spec: ({ classes, dim }) => proxiesSpec(classes, dim),
      rows: (model) => (a, b, labels) => {
        const { proxies: all } = model.part(proxiesSpec(1, 1), 'loss');
        return ofRows(tf.concat([a, b]), [...Array.from(labels), ...Array.from(labels)], all);
      },
    };
  };
}

function labelled(reading: Reading): Reading {
  return (reader) => ({ ...reading(reader), needsLabels: true });
}
