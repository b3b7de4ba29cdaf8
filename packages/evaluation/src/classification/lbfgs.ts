import { pieces, type Steps } from '@diptych/core';

/** Value at `x`; writes the gradient. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => Steps<number>;

export interface LbfgsOptions {
  /** Ends where no component of the gradient is larger. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** False when the iterations ran out, or rounding left no step that goes down. */
  readonly converged: boolean;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** Steps that the curvature is estimated from. */
const memory = 10;

/**
 * Minimum of a smooth convex function by L-BFGS, Nocedal & Wright, Numerical Optimization, algorithm 7.5, with a
 * backtracking line search.
 */
export function* lbfgs(
  f: Differentiable,
  start: Float64Array,
  { tolerance, maxIterations }: LbfgsOptions,
): Steps<Minimum> {
  const pairs: Pair[] = [];
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(x.length);
  let value = yield* f(x, gradient);
  for (let iterations = 0; ; iterations++) {
    if (gradient.every((slope) => Math.abs(slope) <= tolerance)) return { x, value, iterations, converged: true };
    const direction = yield* descend(gradient, pairs);
    const next = iterations < maxIterations ? yield* search(f, { x, value, gradient, direction }) : undefined;
    if (!next) return { x, value, iterations, converged: false };
    const step = next.x.map((to, i) => to - x[i]!);
    const change = next.gradient.map((to, i) => to - gradient[i]!);
    const curvature = dot(step, change);
    if (curvature > 0) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    ({ x, value, gradient } = next);
  }
}

/** The gradient times the estimated inverse curvature, negated: the two loops of algorithm 7.4. */
function* descend(gradient: Float64Array, pairs: readonly Pair[]): Steps<Float64Array> {
  const direction = gradient.map((slope) => -slope);
  const pause = pieces();
  const weights: number[] = [];
  for (const { step, change, curvature } of pairs.toReversed()) {
    const weight = dot(step, direction) / curvature;
    add(direction, -weight, change);
    weights.push(weight);
    if (pause(2 * direction.length)) yield undefined;
  }
  const last = pairs.at(-1);
  const scale = last
    ? last.curvature / dot(last.change, last.change)
    : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)));
  direction.forEach((value, i) => (direction[i] = value * scale));
  for (const [i, { step, change, curvature }] of pairs.entries()) {
    add(direction, weights[pairs.length - 1 - i]! - dot(change, direction) / curvature, step);
    if (pause(2 * direction.length)) yield undefined;
  }
  return direction;
}

interface Line {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

/** The first of the steps 1, 1/2, 1/4 … that goes down by a share of what the slope promises (Armijo). */
function* search(
  f: Differentiable,
  { x, value, gradient, direction }: Line,
): Steps<Omit<Line, 'direction'> | undefined> {
  const slope = dot(gradient, direction);
  for (let length = 1; length > 1e-10; length /= 2) {
    const to = x.map((from, i) => from + length * direction[i]!);
    const slopes = new Float64Array(x.length);
    const found = yield* f(to, slopes);
    // Near the minimum the value no longer resolves the step.
    if (found <= value + 1e-4 * length * slope + 1e-15 * Math.abs(value))
      return { x: to, value: found, gradient: slopes };
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(target: Float64Array, weight: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += weight * values[i]!;
}
