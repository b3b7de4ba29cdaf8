import { EmbeddingError, type FusedRecurrent } from '@diptych/core';
import type { Address } from './tfjs-inside.ts';
import { checkShape, type Runtime } from './runtime.ts';

/**
 * The tokens that count, step by step, so that what is computed for padding is nothing. States stand in the same order,
 * from row 1 on; row 0 is the zeros before the first step.
 */
interface Steps {
  /** Where each step begins, and where the last ends. */
  readonly starts: readonly number[];
  /** Of each token, its place in `[n, length]`. */
  readonly places: Int32Array;
  /** Of each token, the row of the state before it. */
  readonly previous: Int32Array;
  /** Tokens of the step that has most. */
  readonly largest: number;
}

/** The rows of `x`, and which of them is the input of each token. */
interface Sources {
  readonly count: number;
  readonly of: Int32Array;
  /** Whether one may be the input of several. */
  readonly shared: boolean;
}

interface Masked {
  readonly n: number;
  readonly length: number;
  readonly direction: 'forward' | 'backward';
}

function stepsOf(mask: Float32Array, { n, length, direction }: Masked): Steps {
  const [starts, places, previous] = [[0], [] as number[], [] as number[]];
  const last = new Int32Array(n);
  for (let step = 0; step < length; step++) {
    const position = direction === 'forward' ? step : length - 1 - step;
    for (let text = 0; text < n; text++) {
      const place = text * length + position;
      if (mask[place] === 0) continue;
      places.push(place);
      previous.push(last[text]!);
      last[text] = places.length;
    }
    if (places.length > starts.at(-1)!) starts.push(places.length);
  }
  const largest = starts.reduce((most, start, i) => Math.max(most, start - (starts[i - 1] ?? start)), 0);
  return { starts, places: Int32Array.from(places), previous: Int32Array.from(previous), largest };
}

/** Calls `f` with the first token of each step and how many it has. */
export function eachStep({ starts }: Steps, f: (first: number, count: number, step: number) => void): void {
  for (let i = 1; i < starts.length; i++) f(starts[i - 1]!, starts[i]! - starts[i - 1]!, i - 1);
}

/** The same from the last step to the first. */
export function eachStepBack({ starts }: Steps, f: (first: number, count: number, step: number) => void): void {
  for (let i = starts.length - 1; i > 0; i--) f(starts[i - 1]!, starts[i]! - starts[i - 1]!, i - 1);
}

/** Gates and states of a kind. */
const kindSizes = { gru: { gates: 3, states: 1 }, lstm: { gates: 4, states: 2 } } as const;

type Tensors = Pick<FusedRecurrent['inputs'], 'x' | 'inputWeight' | 'hiddenWeight' | 'mask'>;

/** What a pass and the way back share. Bytes of rows and states are of float32. */
export interface RecurrentPlan {
  readonly runtime: Runtime;
  readonly kind: 'gru' | 'lstm';
  readonly steps: Steps;
  /** Tokens that count. */
  readonly count: number;
  /** Places in `[n, length]`. */
  readonly all: number;
  /** Kinds of states: those that are given on, and the cells of `lstm`. */
  readonly kinds: number;
  readonly sources: Sources;
  readonly inputs: number;
  readonly hidden: number;
  /** All gates of one state. */
  readonly width: number;
  /** Bytes of one state, and of all of one kind. */
  readonly rowBytes: number;
  readonly stateBytes: number;
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when the shapes do not go together. */
export function recurrentPlan(
  runtime: Runtime,
  { x, inputWeight, hiddenWeight, mask }: Tensors,
  { kind, direction, rows }: FusedRecurrent['attrs'],
): RecurrentPlan {
  if (x.shape.length !== (rows ? 2 : 3)) {
    const expected = rows ? '[rows, inputs]' : '[n, length, inputs]';
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'recurrent', expected, got: x.shape });
  }
  const [n, length] = (rows ? mask : x).shape as [number, number];
  const inputs = x.shape.at(-1)!;
  const hidden = hiddenWeight.shape[0]!;
  const width = kindSizes[kind].gates * hidden;
  checkShape('recurrent: weight of the inputs', inputWeight.shape, [inputs, width]);
  checkShape('recurrent: weight of the states', hiddenWeight.shape, [hidden, width]);
  checkShape('recurrent: mask', mask.shape, [n, length]);
  const counts = new Float32Array(runtime.memory.buffer, runtime.addressOf(mask), n * length);
  const steps = stepsOf(counts, { n, length, direction });
  const sources = sourcesOf(steps, x.shape[0]!, rows, n * length);
  const [count, rowBytes] = [steps.places.length, 4 * hidden];
  const sizes = {
    sources,
    count,
    all: n * length,
    inputs,
    hidden,
    width,
    rowBytes,
    stateBytes: (count + 1) * rowBytes,
  };
  return { runtime, kind, steps, kinds: kindSizes[kind].states, ...sizes };
}

function sourcesOf({ places }: Steps, xRows: number, rows: Int32Array | undefined, all: number): Sources {
  if (!rows) return { count: all, of: places, shared: false };
  const of = places.map((place) => rows[place]!);
  if (rows.length !== all || of.some((row) => row < 0 || row >= xRows)) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'recurrent',
      expected: `${all} rows of ${xRows}`,
      got: `${rows.length}, up to ${of.toSorted().at(-1)}`,
    });
  }
  return { count: xRows, of, shared: true };
}

/** Where the states of one kind go among `[n, length, kinds]`, written to `at`. */
export function putPlaces({ runtime, steps, kinds }: RecurrentPlan, kind: number, at: Address): Address {
  return putIds(
    runtime,
    steps.places.map((place) => kinds * place + kind),
    at,
  );
}

/** Rooms of so many bytes each, for as long as `run` runs. */
export function withRooms<const Bytes extends Readonly<Record<string, number>>, T>(
  { allocate, free }: Runtime,
  bytes: Bytes,
  run: (rooms: { readonly [Name in keyof Bytes]: Address }) => T,
): T {
  const aligned = Object.entries(bytes).map(([name, size]) => [name, Math.ceil(size / 16) * 16] as const);
  const base = allocate(aligned.reduce((sum, [, size]) => sum + size, 0));
  let at = base;
  const rooms = Object.fromEntries(
    aligned.map(([name, size]) => {
      at += size;
      return [name, at - size];
    }),
  );
  try {
    return run(rooms as { readonly [Name in keyof Bytes]: Address });
  } finally {
    free(base);
  }
}

/** Writes numbers of rows; gives where they are. */
export function putIds({ memory }: Runtime, ids: Int32Array, at: Address): Address {
  new Int32Array(memory.buffer, at, ids.length).set(ids);
  return at;
}
