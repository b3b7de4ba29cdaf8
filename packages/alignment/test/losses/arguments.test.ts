import { describeBackends, expectRefusal, wrongTensors } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as losses from '../../src/index.ts';

type Rows = tf.Tensor2D;
type Call = (a: Rows, b: Rows) => unknown;

const labels = [0, 0, 1];
const ones = () => tf.ones<tf.Rank.R2>([3, 2]);

/** Every loss of two batches, which are of one shape. */
const ofPairs: Readonly<Record<string, Call>> = {
  alignmentUniformity: losses.alignmentUniformity,
  angle: (a, b) => losses.angle(a, b, labels),
  barlowTwins: losses.barlowTwins,
  batchAllTriplet: losses.batchAllTriplet,
  batchHardTriplet: losses.batchHardTriplet,
  batchSemiHardTriplet: losses.batchSemiHardTriplet,
  chunkedInfoNce: (a, b) => losses.chunkedInfoNce(a, b, 0, 2),
  chunkedSiglip: (a, b) => losses.chunkedSiglip(a, b, { logScale: 0, bias: 0 }, 2),
  chunkedVsepp: (a, b) => losses.chunkedVsepp(a, b, 2),
  circle: (a, b) => losses.circle(a, b, labels),
  cosent: (a, b) => losses.cosent(a, b, labels),
  clipKd: (a, b) => losses.clipKd({ a, b }, { a: ones(), b: ones() }, 0, { crossScale: 1 }),
  affinityMimicking: (a, b) => losses.affinityMimicking({ a, b }, { a: ones(), b: ones() }, 0),
  'affinityDivergence: teacher': (a, b) => losses.affinityDivergence({ a: ones(), b: ones() }, { a, b }, 0),
  mobileClipDistillation: (a, b) => losses.mobileClipDistillation({ a, b }, { a: ones(), b: ones() }, 0),
  cosineDistillation: losses.cosineDistillation,
  devise: (a, b) => losses.devise(a, b),
  gist: (a, b) => losses.gist({ a, b }, { a: ones(), b: ones() }),
  'gist: guide': (a, b) => losses.gist({ a: ones(), b: ones() }, { a, b }),
  hardNegativeInfoNce: (a, b) => losses.hardNegativeInfoNce(a, b, ones(), 0),
  infoNce: (a, b) => losses.infoNce(a, b, 0),
  infoNceObjective: (a, b) => losses.pairObjective((x, y) => losses.infoNce(x, y, 0)).loss({ a, b }),
  marginMse: (a, b) => losses.marginMse(a, b, ones(), labels),
  matryoshka: (a, b) => losses.matryoshka(a, b, (x, y) => losses.infoNce(x, y, 0), { dims: [1] }),
  multiPositive: (a, b) => losses.multiPositive(a, b, labels, 0),
  multiSimilarity: (a, b) => losses.multiSimilarity(a, b, labels),
  nPair: (a, b) => losses.nPair(a, b, 0.1),
  ntXent: (a, b) => losses.ntXent(a, b),
  order: (a, b) => losses.order(a, b),
  orderEmbedding: (a, b) => losses.orderEmbedding(a, b),
  pairContrastive: (a, b) => losses.pairContrastive(a, b),
  siglip: (a, b) => losses.siglip(a, b, 0, 0),
  supCon: (a, b) => losses.supCon(a, b, labels),
  vicReg: losses.vicReg,
  vse0: (a, b) => losses.vse0(a, b),
  vsepp: (a, b) => losses.vsepp(a, b),
};

/** What else takes a tensor, as its second argument here. */
const others: Readonly<Record<string, Call>> = {
  'arcFace: centres': (a, b) => losses.arcFace(a, labels, b),
  'proxyAnchor: proxies': (a, b) => losses.proxyAnchor(a, labels, b),
  'proxyNca: proxies': (a, b) => losses.proxyNca(a, labels, b),
  'arcFace: rows': (a, b) => losses.arcFace(b, labels, a),
  'proxyAnchor: rows': (a, b) => losses.proxyAnchor(b, labels, a),
  'proxyNca: rows': (a, b) => losses.proxyNca(b, labels, a),
  'hardNegativeInfoNce: negatives': (a, b) => losses.hardNegativeInfoNce(a, a, b, 0),
  'marginMse: negatives': (a, b) => losses.marginMse(a, a, b, labels),
  'infoNce: logScale': (a, b) => losses.infoNce(a, a, b),
  'siglip: bias': (a, b) => losses.siglip(a, a, 0, b),
  'hinge: scores': (_, b) => losses.hinge(b, { margin: 0.2 }),
  'modalityLoss: a': (a, b) => losses.modalityLoss(b, a, (rows) => rows),
  'modalityLoss: b': (a, b) => losses.modalityLoss(a, b, (rows) => rows),
  orderScores: (a, b) => losses.orderScores(a, b),
  uniformity: (_, b) => losses.uniformity(b),
};

describeBackends('losses', () => {
  describe.each(Object.entries({ ...ofPairs, ...others }))('%s refuses', (name, call) => {
    it.each(Object.entries(wrongTensors))('%s', async (_, [make, code, got]) => {
      await expectRefusal(() => call(ones(), make() as Rows), { code, got });
      if (name in ofPairs) await expectRefusal(() => call(make() as Rows, ones()), { code, got });
    });
  });

  it.each(Object.entries(ofPairs))('%s refuses rows of another width, naming both', async (_, call) => {
    const wide = () => tf.ones<tf.Rank.R2>([3, 4]);
    await expectRefusal(() => call(ones(), wide()), {
      code: 'SHAPE_MISMATCH',
      expected: expect.stringMatching(/,2\]$/),
      got: '[3,4]',
    });
  });

  it.each([
    ['null', null, 'INPUT_INVALID', 'null'],
    ['a number', 5, 'INPUT_INVALID', '5'],
    ['too few', [0], 'SHAPE_MISMATCH', '1'],
  ])('refuse %s as labels', async (_, given, code, got) => {
    await expectRefusal(() => losses.supCon(ones(), ones(), given as number[]), { code, where: 'labels', got });
    await expectRefusal(() => losses.arcFace(ones(), given as number[], ones()), { code, where: 'labels', got });
  });
});
