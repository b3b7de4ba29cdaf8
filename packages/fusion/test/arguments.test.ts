import type { Fusion } from '@diptych/core';
import { initializeModel, type Model, type ParamsOf, type Spec } from '@diptych/nn';
import { describeBackends, expectRefusal, wrongTensors } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import * as fusion from '../src/index.ts';

type Parts = 'image' | 'text';
type Made = readonly [Fusion<Parts>, Disposable | undefined];

const config = { parts: { image: 2, text: 2 }, dim: 2 } as const;

function learned<S extends Spec>(spec: S, make: (params: ParamsOf<S>) => Fusion<Parts>): () => Made {
  return () => {
    const model: Model<S> = initializeModel(spec, 1);
    return [make(model.params), model];
  };
}

const fusions: Readonly<Record<string, () => Made>> = {
  availableAttention: learned(fusion.availableAttentionSpec(config), (p) => fusion.availableAttentionFusion(config, p)),
  availableMean: learned(fusion.availableMeanSpec(config), (p) => fusion.availableMeanFusion(config, p)),
  bilinear: learned(fusion.bilinearSpec(config), (p) => fusion.bilinearFusion(config, p)),
  concatLinear: learned(fusion.concatLinearSpec(config), (p) => fusion.concatLinearFusion(config, p)),
  gated: learned(fusion.gatedSpec(config), (p) => fusion.gatedFusion(config, p)),
  hadamard: learned(fusion.hadamardSpec(config), (p) => fusion.hadamardFusion(config, p)),
  late: learned(fusion.lateSpec(config), (p) => fusion.lateFusion({ ...config, weights: { image: 1, text: 1 } }, p)),
  missingTokens: learned(fusion.missingTokensSpec(config.parts), (p) =>
    fusion.missingTokensFusion(config.parts, p, fusion.tfnFusion(config.parts)),
  ),
  sum: learned(fusion.sumSpec(config), (p) => fusion.sumFusion(config, p)),
  tfn: () => [fusion.tfnFusion(config.parts), undefined],
};

const ones = () => tf.ones<tf.Rank.R2>([3, 2]);

describeBackends('a fusion', () => {
  describe.each(Object.entries(fusions))('%s refuses', (_, make) => {
    const expectRefused = async (parts: () => unknown, expected: object) => {
      const [made, owner] = make();
      try {
        await expectRefusal(() => made.forward(parts() as Parameters<typeof made.forward>[0]), expected);
      } finally {
        owner?.[Symbol.dispose]();
      }
    };

    it.each(Object.entries(wrongTensors))('%s as a part', async (_kind, [value, code, got]) => {
      await expectRefused(() => ({ image: ones(), text: value() }), { code, got, where: "fusion: part 'text'" });
      await expectRefused(() => ({ image: value(), text: ones() }), { code, got, where: "fusion: part 'image'" });
    });

    it('another width, another number of rows, another part, and what is no parts', async () => {
      const wide = () => tf.ones([3, 4]);
      await expectRefused(() => ({ image: ones(), text: wide() }), {
        code: 'SHAPE_MISMATCH',
        expected: '[3,2]',
        got: '[3,4]',
      });
      await expectRefused(() => ({ image: tf.ones([1, 2]), text: ones() }), {
        code: 'SHAPE_MISMATCH',
        expected: '[1,2]',
        got: '[3,2]',
      });
      await expectRefused(() => ({ image: ones(), sound: ones() }), { code: 'INPUT_INVALID', got: "'sound'" });
      for (const parts of [null, undefined, 5, [ones]])
        await expectRefused(() => parts, { code: 'INPUT_INVALID', where: 'fusion: parts' });
    });
  });
});

describe('a configuration', () => {
  it.each([
    ['null', null, 'INPUT_INVALID', 'fusion: config'],
    ['without parts', { dim: 2 }, 'INPUT_INVALID', 'fusion: config'],
    ['of parts in a list', { parts: [2, 2], dim: 2 }, 'INPUT_INVALID', 'fusion: parts'],
    ['of a length that is none', { parts: { image: 2, text: 0.5 }, dim: 2 }, 'CONFIG_INVALID', "fusion: part 'text'"],
    ['of a joint length that is none', { parts: { image: 2, text: 2 }, dim: -1 }, 'CONFIG_INVALID', 'fusion: dim'],
  ])('%s is refused', (_, given, code, where) => {
    const makers = [fusion.sumFusion, fusion.availableMeanFusion, fusion.gatedFusion] as const;
    for (const make of makers) {
      expect(() => (make as (...values: unknown[]) => unknown)(given, {})).toThrow(
        expect.objectContaining({ code, where }),
      );
    }
  });
});
