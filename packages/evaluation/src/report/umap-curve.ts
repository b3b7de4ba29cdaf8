export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** Points at which the curves are compared: 300 from 0 to 3, as in umap-learn. */
const xs = Array.from({ length: 300 }, (_, i) => (3 * i) / 299);

/**
 * `1 / (1 + a x^2b)` nearest to 1 up to `minDist` and `exp(minDist - x)` behind it, by least squares: `find_ab_params` of
 * umap-learn with a spread of 1. Levenberg and Marquardt's method, from 1 and 1.
 */
export function umapCurve(minDist: number): Curve {
  const ys = xs.map((x) => (x < minDist ? 1 : Math.exp(minDist - x)));
  let curve: Curve = { a: 1, b: 1 };
  let error = errorOf(curve, ys);
  for (let damping = 1e-3, step = 0; step < 200 && damping < 1e12; step++) {
    const next = improved(curve, ys, damping);
    const less = errorOf(next, ys);
    if (less < error) [curve, error, damping] = [next, less, damping / 10];
    else damping *= 10;
  }
  return curve;
}

function errorOf({ a, b }: Curve, ys: readonly number[]): number {
  return xs.reduce((sum, x, i) => sum + (ys[i]! - 1 / (1 + a * x ** (2 * b))) ** 2, 0);
}

/** One step: the normal equations of two unknowns, their diagonal grown by `damping`. */
function improved({ a, b }: Curve, ys: readonly number[], damping: number): Curve {
  let [aa, ab, bb, ae, be] = [0, 0, 0, 0, 0];
  // At 0 the curve is 1, whatever a and b are.
  for (let i = 1; i < xs.length; i++) {
    const power = xs[i]! ** (2 * b);
    const value = 1 / (1 + a * power);
    const [byA, byB] = [-power * value ** 2, -2 * a * power * Math.log(xs[i]!) * value ** 2];
    const missing = ys[i]! - value;
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ae += byA * missing;
    be += byB * missing;
  }
  aa *= 1 + damping;
  bb *= 1 + damping;
  const determinant = aa * bb - ab * ab;
  return { a: a + (bb * ae - ab * be) / determinant, b: b + (aa * be - ab * ae) / determinant };
}
