import type { ImageBatch, TextBatch } from '@diptych/core';
import { imageConfig, textConfig } from './clip-b32.ts';

/** A batch as every engine is given it. */
export interface Batches {
  readonly image: ImageBatch;
  readonly text: TextBatch;
}

/** Runs one tower. */
export type Forward = (batch: Batches) => Promise<Float32Array> | Float32Array;

/** What of onnxruntime-web and onnxruntime-node is used. */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: object,
    ): Promise<{ run(feeds: object): Promise<Record<string, { data: unknown }>> }>;
  };
  readonly Tensor: new (type: string, data: Float32Array | BigInt64Array, shape: readonly number[]) => object;
}

/** A tower in an ONNX runtime, with one thread and every optimisation it has. */
export async function onnxForward(
  { InferenceSession, Tensor }: OnnxRuntime,
  model: Uint8Array,
  tower: 'image' | 'text',
  provider: 'cpu' | 'wasm',
): Promise<Forward> {
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return async (batch) => {
    const feeds =
      tower === 'image'
        ? { pixels: new Tensor('float32', channelsFirst(batch.image), firstShape(batch.image)) }
        : { ids: new Tensor('int64', BigInt64Array.from(batch.text.ids, BigInt), batch.text.shape) };
    const [output] = Object.values(await session.run(feeds));
    return output!.data as Float32Array;
  };
}

function firstShape({ shape: [n, height, width, channels] }: ImageBatch): readonly number[] {
  return [n, channels, height, width];
}

function channelsFirst({ pixels, shape: [n, height, width, channels] }: ImageBatch): Float32Array {
  const out = new Float32Array(pixels.length);
  const size = height * width;
  for (let item = 0; item < n; item++) {
    for (let channel = 0; channel < channels; channel++) {
      const to = (item * channels + channel) * size;
      for (let at = 0; at < size; at++) out[to + at] = pixels[(item * size + at) * channels + channel]!;
    }
  }
  return out;
}

/** Random pixels, and texts as long as the context allows, so that no engine may stop early. */
export function batches(n: number, random: () => number): Batches {
  const { imageSize } = imageConfig;
  const { contextLength, vocabSize } = textConfig;
  const pixels = Float32Array.from({ length: n * imageSize * imageSize * 3 }, () => 4 * random() - 2);
  const ids = Int32Array.from({ length: n * contextLength }, (_, i) =>
    i % contextLength === contextLength - 1 ? vocabSize - 1 : Math.floor(random() * (vocabSize - 2)),
  );
  return {
    image: { pixels, shape: [n, imageSize, imageSize, 3] },
    text: { ids, mask: new Int32Array(ids.length).fill(1), shape: [n, contextLength] },
  };
}
