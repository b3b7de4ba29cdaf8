import { adam, optimizer, trainStep } from '@diptych/alignment';
import { configReader } from '@diptych/core';
import { describeGolden, goldenPath } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, imageBatch, readTensors, textBatch } from '@diptych/testkit';
import { losses, tunedArrays, tunedTraining, tuningOf } from '@diptych/training';
import * as tf from '@tensorflow/tfjs-core';
import { openTrainable, type Trainable } from 'diptych';
import { beforeAll, expect, it } from 'vitest';

beforeAll(enableAutodiff);

const [rank, alpha] = [3, 5];
const loss = losses['infoNce']!(configReader({ kind: 'infoNce' }, 'loss'));
const tuning = tuningOf(configReader({ kind: 'lora', rank, alpha, targets: ['q_proj', 'v_proj', 'fc1'] }, 'tune'));

async function batchFor(base: Trainable) {
  const inputs = await readTensors('oracles/tiny_clip/expected.safetensors');
  const [images, texts] = [imageBatch(inputs.get('in.pixel_values')!), textBatch(inputs.get('in.input_ids')!)];
  const { image, text } = base.towers;
  const part = {
    images: () => image.encoder.forward(images),
    texts: () => text.encoder.forward({ ...texts }),
  };
  return { parts: [part], labels: Int32Array.from({ length: images.shape[0] }, (_, i) => i) };
}

/** `[rows, columns]` in double precision. */
type Matrix = Float64Array;

/** `a` of `[n, k]` with `b` of `[k, m]`. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, [n, k, m]: readonly [number, number, number]): Matrix {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) for (let x = 0; x < k; x++) out[i * m + j]! += a[i * k + x]! * b[x * m + j]!;
  }
  return out;
}

function turned(a: ArrayLike<number>, [n, m]: readonly [number, number]): Matrix {
  return Float64Array.from({ length: n * m }, (_, at) => a[(at % n) * m + Math.floor(at / n)]!);
}

/** One adapted layer as PEFT has it, `y = x·Wᵀ + alpha / rank · (x·Aᵀ)·Bᵀ`, with Adam of PyTorch, all in double precision. */
class Reference {
  readonly moments = new Map<string, { mean: Matrix; square: Matrix }>();
  readonly before: Matrix;
  a: Matrix;
  b: Matrix;

  readonly inputs: number;
  readonly outputs: number;

  constructor([outputs, inputs]: readonly number[], weight: ArrayLike<number>, a: ArrayLike<number>) {
    [this.outputs, this.inputs] = [outputs!, inputs!];
    this.before = Float64Array.from(weight);
    this.a = Float64Array.from(a);
    this.b = new Float64Array(this.outputs * rank);
  }

  /** Of the merged weight's gradient, `[outputs, inputs]`. */
  gradients(g: ArrayLike<number>): { readonly a: Matrix; readonly b: Matrix } {
    const { inputs, outputs } = this;
    const scale = (x: Matrix) => x.map((value) => (value * alpha) / rank);
    return {
      a: scale(product(turned(this.b, [outputs, rank]), g, [rank, outputs, inputs])),
      b: scale(product(g, turned(this.a, [rank, inputs]), [outputs, inputs, rank])),
    };
  }

  step(g: ArrayLike<number>, learningRate: number, step: number): void {
    const { a, b } = this.gradients(g);
    this.a = this.#moved('a', this.a, a, learningRate, step);
    this.b = this.#moved('b', this.b, b, learningRate, step);
  }

  #moved(name: string, value: Matrix, gradient: Matrix, learningRate: number, step: number): Matrix {
    const { mean, square } = this.moments.get(name) ?? { mean: value.map(() => 0), square: value.map(() => 0) };
    gradient.forEach((g, i) => {
      mean[i] = 0.9 * mean[i]! + 0.1 * g;
      square[i] = 0.999 * square[i]! + 0.001 * g * g;
    });
    this.moments.set(name, { mean, square });
    return value.map((one, i) => {
      const root = Math.sqrt(square[i]! / (1 - 0.999 ** step)) + 1e-8;
      return one - (learningRate * mean[i]!) / (1 - 0.9 ** step) / root;
    });
  }
}

/** An adapted array: its parameter, where its columns begin in that, and its name in the file. */
const sites = [
  ['text.blocks.0.attention.inProj.weight', 0, 'text_model.encoder.layers.0.self_attn.q_proj'],
  ['text.blocks.1.attention.inProj.weight', 2, 'text_model.encoder.layers.1.self_attn.v_proj'],
  ['image.blocks.0.mlp.fc1.weight', 0, 'vision_model.encoder.layers.0.mlp.fc1'],
] as const;

describeGolden('low-rank adapters', () => {
  describeBackends('of the tiny CLIP', () => {
    it('have the gradients and, after ten steps of Adam, the values of PEFT', async () => {
      const folder = goldenPath('oracles/tiny_clip');
      using base = await openTrainable(folder, { files: ['config.json', 'model.safetensors'] });
      using training = tunedTraining({ base, tuning, loss, seed: 3 });
      const batch = await batchFor(base);
      const adapters = [...training.variables].filter(([name]) => name.startsWith('lora.'));
      expect(adapters.some(([name]) => name.includes('k_proj') || name.includes('fc2'))).toBe(false);
      const of = (module: string, one: 'A' | 'B') => training.variables.get(`lora.${module}.${one}`)!;
      const references = new Map<string, Reference>();
      for (const [, , module] of sites) {
        const { shape, data } = await base.checkpoint.read(`${module}.weight`);
        const a = of(module, 'A').dataSync<'float32'>();
        expect(Math.max(...a.map(Math.abs))).toBeLessThan(shape[1]! ** -0.5);
        expect(Math.max(...of(module, 'B').dataSync<'float32'>())).toBe(0);
        references.set(module, new Reference(shape, data as Float32Array, a));
      }
      // With B of zeros the model is the one that was opened.
      const rows = () => tf.tidy(() => batch.parts[0]!.texts().dataSync<'float32'>().slice());
      const before = rows();
      training.settle!();
      expect(rows()).toEqual(before);

      using rule = optimizer(training.variables, training.layered(adam()));
      for (let step = 1; step <= 10; step++) {
        // Of the weights as they are merged, which the references are told; all the rest is theirs.
        training.settle!();
        const slopes = weightGradients(base, batch, training.variables.get('loss.logScale')!);
        const found = tf.tidy(() => {
          const { gradients } = training.gradients([batch], 0);
          return Object.fromEntries([...gradients].map(([name, one]) => [name, one.dataSync<'float32'>().slice()]));
        });
        for (const [path, part, module] of sites) {
          const reference = references.get(module)!;
          const own = columnsOf(slopes.get(path)!, base.variables.get(path)!.shape[1]!, part, reference);
          const { a, b } = reference.gradients(own);
          expectClose(found[`lora.${module}.A`]!, Float32Array.from(a), 1e-6);
          expectClose(found[`lora.${module}.B`]!, Float32Array.from(b), 1e-6);
          reference.step(own, 0.01, step);
        }
        trainStep(rule, () => training.gradients([batch], 0), { learningRate: 0.01 });
      }
      const saved = tunedArrays(training, base);
      for (const [, , module] of sites) {
        const reference = references.get(module)!;
        expectClose(of(module, 'A').dataSync<'float32'>(), Float32Array.from(reference.a), 2e-5);
        expectClose(of(module, 'B').dataSync<'float32'>(), Float32Array.from(reference.b), 2e-5);
        // What is saved gives what the adapter gives beside the weight as it was.
        const { inputs, outputs, before: weight } = reference;
        const [a, b] = [of(module, 'A').dataSync<'float32'>(), of(module, 'B').dataSync<'float32'>()];
        const x = Float64Array.from({ length: inputs }, (_, i) => Math.sin(3 * i));
        const low = product(x, turned(a, [rank, inputs]), [1, inputs, rank]);
        const beside = product(low, turned(b, [outputs, rank]), [1, rank, outputs]);
        const plain = product(x, turned(weight, [outputs, inputs]), [1, inputs, outputs]);
        const adapted = plain.map((value, i) => value + (alpha / rank) * beside[i]!);
        const merged = product(x, turned(saved.get(`${module}.weight`)!, [outputs, inputs]), [1, inputs, outputs]);
        expectClose(Float32Array.from(merged), Float32Array.from(adapted), 1e-6);
      }
      expect([...saved.keys()].filter((name) => !/(q_proj|k_proj|v_proj|fc1)\.weight$|logit_scale/.test(name))).toEqual(
        [],
      );
    });

    it('have gradients that central differences give', async () => {
      const folder = goldenPath('oracles/tiny_clip');
      using base = await openTrainable(folder, { files: ['config.json', 'model.safetensors'] });
      using training = tunedTraining({ base, tuning, loss, seed: 3 });
      const batch = await batchFor(base);
      const at = () => tf.tidy(() => training.gradients([batch], 0).loss.dataSync<'float32'>()[0]!);
      for (const [name, variable] of training.variables) {
        if (name.endsWith('.B'))
          tf.tidy(() => variable.assign(tf.randomUniform(variable.shape, -0.1, 0.1, 'float32', 7)));
      }
      for (const [, , module] of sites) {
        for (const one of ['A', 'B']) {
          const name = `lora.${module}.${one}`;
          const variable = training.variables.get(name)!;
          const gradient = tf.tidy(() => tf.keep(tf.clone(training.gradients([batch], 0).gradients.get(name)!)));
          const [length] = tf.tidy(() => tf.norm(gradient).dataSync<'float32'>());
          const value = tf.keep(tf.clone(variable));
          const moved = (h: number) => {
            tf.tidy(() => variable.assign(tf.add(value, tf.mul(gradient, h / length!))));
            return at();
          };
          const slope = (moved(0.01) - moved(-0.01)) / 0.02;
          moved(0);
          expect(Math.abs(slope - length!)).toBeLessThan(0.01 * length! + 2e-4);
          tf.dispose([gradient, value]);
        }
      }
    });
  });
});

/** Of every adapted parameter, as PyTorch would have it for the merged weight; `[inputs, outputs]`. */
function weightGradients(
  base: Trainable,
  batch: Awaited<ReturnType<typeof batchFor>>,
  logScale: tf.Variable,
): ReadonlyMap<string, Float32Array> {
  const paths = sites.map(([path]) => path);
  const found = new Map<string, Float32Array>();
  tf.tidy(() => {
    const objective = () => {
      const unit = (x: tf.Tensor2D) => tf.div<tf.Tensor2D>(x, tf.norm(x, 2, 1, true));
      const [a, b] = [unit(batch.parts[0]!.images()), unit(batch.parts[0]!.texts())];
      const scores = tf.mul<tf.Tensor2D>(tf.matMul(a, b, false, true), tf.exp(logScale));
      const right = (x: tf.Tensor2D) => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(x), tf.eye(x.shape[0])), 1)));
      return tf.div<tf.Scalar>(tf.add(right(scores), right(tf.transpose(scores))), 2);
    };
    const variables = paths.map((path) => base.variables.get(path)!);
    const { grads } = tf.variableGrads(objective, variables);
    paths.forEach((path, i) => found.set(path, grads[variables[i]!.name]!.dataSync<'float32'>().slice()));
  });
  return found;
}

/** Those of one array, as its file has them: `[outputs, inputs]`. */
function columnsOf(g: Float32Array, width: number, part: number, { inputs, outputs }: Reference): Matrix {
  return Float64Array.from({ length: outputs * inputs }, (_, at) => {
    return g[(at % inputs) * width + part * outputs + Math.floor(at / inputs)]!;
  });
}
