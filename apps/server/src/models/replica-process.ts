// A process of its own with one model: what happens to it happens to nothing else.
import type { Embeddings } from '@diptych/core';
import { imageSize } from '@diptych/preprocessing';
import { type EmbeddingSpace, open } from 'diptych';
import {
  type Asked,
  type BatchRows,
  cross,
  type Crossed,
  type Item,
  type Items,
  type RowOptions,
  type Start,
  type Told,
} from './messages.ts';
import { packagedModel } from './packaged-model.ts';
import { fittingTexts } from './fitting-texts.ts';

const running = new Map<number, AbortController>();
let space: EmbeddingSpace<Items>;
let maxPixels = 0;

// Both come from whoever pressed the keys to all processes of a terminal: ours ends when its parent says so.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit(0));
process.on('message', (message: Asked) => void receive(message));

async function receive(message: Asked): Promise<void> {
  if ('start' in message) await start(message.start);
  else if ('abort' in message) running.get(message.abort)?.abort();
  else if ('stop' in message) process.disconnect();
  else await answer(message.call, message.method, message.args);
}

async function start(asked: Start): Promise<void> {
  const { model, dtype } = asked;
  maxPixels = asked.maxPixels;
  try {
    space = await open<Items>((await packagedModel(model)) ?? model, { dtype });
    const { id, architecture, dim, modalities, parameters, bytes } = space;
    tell({ started: { id, architecture, dim, modalities, parameters, bytes, dtype: space.dtype } });
  } catch (error) {
    tell({ failed: cross(error) });
  }
}

async function answer(call: number, method: string, args: readonly unknown[]): Promise<void> {
  const stopping = new AbortController();
  running.set(call, stopping);
  try {
    const value =
      method === 'embed'
        ? await embed(args[0] as readonly Item[], args[1] as RowOptions, stopping.signal)
        : await space.classify(args[0] as Embeddings, args[1] as readonly string[], { signal: stopping.signal });
    tell({ answer: call, value });
  } catch (error) {
    tell({ answer: call, error: cross(error) });
  } finally {
    running.delete(call);
  }
}

async function embed(
  items: readonly Item[],
  { modality, normalize, truncateDim, ...limits }: RowOptions,
  signal: AbortSignal,
): Promise<BatchRows> {
  if (modality === 'text') {
    const { batch, tokens, skipped } = await fittingTexts(space, items as readonly string[], limits, signal);
    const rows = await space.encode('text', batch, { normalize, truncateDim });
    return { rows, tokens, pixels: tokens.map(() => 0), skipped };
  }
  const skipped: { at: number; error: Crossed }[] = [];
  const rows = await space.embed(modality, items as readonly Uint8Array[], {
    normalize,
    signal,
    batchSize: Math.max(1, items.length),
    onSkip: (error, at) => skipped.push({ at, error: cross(error) }),
    truncateDim,
    ...(modality === 'image' && { decode: { maxPixels } }),
  });
  const left = new Set(skipped.map(({ at }) => at));
  const read = (items as readonly Uint8Array[]).filter((_, at) => !left.has(at));
  return { rows, tokens: read.map(() => 0), pixels: read.map(modality === 'image' ? pixelsOf : () => 0), skipped };
}

function pixelsOf(file: Uint8Array): number {
  const { width, height } = imageSize(file);
  return width * height;
}

function tell(message: Told): void {
  process.send?.(message);
}
