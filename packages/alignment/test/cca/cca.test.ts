import { describeGolden, goldenJson } from '@diptych/golden';
import { expectClose, piecesUntilAbort } from '@diptych/testkit';
import { describe, expect, it } from 'vitest';
import {
  cca,
  mergeMoments,
  type Moments,
  moments,
  project,
  relativeRidge,
  type Rows,
  streamMoments,
  weightedView,
} from '../../src/index.ts';
import { correlation, cosine } from './scores.ts';
import { rows, slice } from '../rows.ts';

type Numbers = readonly (readonly number[])[];
interface Fit {
  readonly A: Numbers;
  readonly B: Numbers;
}
interface Oracle {
  readonly X: Numbers;
  readonly Y: Numbers;
  readonly reg0: Fit &
    Record<'rho' | 'rho_qr_bjorck_golub' | 'mean_x', readonly number[]> &
    Record<'scores_x_first3rows' | 'scores_y_first3rows', Numbers>;
  readonly 'reg_0.1_0.1': Ridge;
  readonly 'reg_1.0_0.01': Ridge;
  readonly streaming: { readonly states: readonly State[] };
  readonly rank_deficient: { readonly rho: readonly number[]; readonly 'reg_0.1': readonly number[] };
  readonly n_less_than_p: { readonly 'reg_0.5_singular_values': readonly number[] };
  readonly retrieval: { readonly ranks_x2y: readonly number[]; readonly sim_first2rows: Numbers };
}
interface Ridge extends Fit {
  readonly rx: number;
  readonly ry: number;
  readonly singular_values: readonly number[];
  readonly pearson_of_scores: readonly number[];
}
interface State {
  readonly chunk_rows: number;
  readonly mean_x: readonly number[];
  readonly mean_y: readonly number[];
  readonly Mxx: Numbers;
  readonly Myy: Numbers;
  readonly Mxy: Numbers;
}

const oracle = () => goldenJson<Oracle>('oracles/cca_linear.json');
const shift = ({ data, shape }: Rows, by: number): Rows => ({ data: Float64Array.from(data, (v) => v + by), shape });

describeGolden('linear CCA', () => {
  it('equals the whitened solution, its means and its scores', async () => {
    const { X, Y, reg0 } = await oracle();
    const fit = await cca(await moments(rows(X), rows(Y)));
    expectClose(fit.values, reg0.rho, 1e-12);
    expectClose(fit.values, reg0.rho_qr_bjorck_golub, 1e-12);
    expectClose(fit.x.weights.data, reg0.A.flat(), 1e-11);
    expectClose(fit.y.weights.data, reg0.B.flat(), 1e-11);
    expectClose(fit.x.mean, reg0.mean_x, 1e-12);
    expectClose((await project(fit.x, slice(rows(X), 0, 3))).data, reg0.scores_x_first3rows.flat(), 1e-11);
    expectClose((await project(fit.y, slice(rows(Y), 0, 3))).data, reg0.scores_y_first3rows.flat(), 1e-11);
    expect(fit.warnings).toEqual([]);
  });

  it.each(['reg_0.1_0.1', 'reg_1.0_0.01'] as const)(
    'with a ridge gives singular values, not correlations: %s',
    async (name) => {
      const { X, Y, [name]: expected } = await oracle();
      const fit = await cca(await moments(rows(X), rows(Y)), { ridge: [expected.rx, expected.ry] });
      expectClose(fit.values, expected.singular_values, 1e-12);
      expectClose(fit.x.weights.data, expected.A.flat(), 1e-11);
      expectClose(fit.y.weights.data, expected.B.flat(), 1e-11);
      const [x, y] = [await project(fit.x, rows(X)), await project(fit.y, rows(Y))];
      expectClose(
        [0, 1, 2, 3].map((i) => correlation(x, y, i)),
        expected.pearson_of_scores,
        1e-11,
      );
    },
  );

  it('keeps the first components only', async () => {
    const { X, Y, reg0 } = await oracle();
    const fit = await cca(await moments(rows(X), rows(Y)), { components: 2 });
    expectClose(fit.values, reg0.rho.slice(0, 2), 1e-12);
    expect(fit.x.weights.shape).toEqual([5, 2]);
    expectClose(
      fit.y.weights.data,
      reg0.B.flatMap((row) => row.slice(0, 2)),
      1e-11,
    );
  });

  it('ranks pairs by the cosine of weighted projections', async () => {
    const { X, Y, retrieval } = await oracle();
    const fit = await cca(await moments(rows(X), rows(Y)));
    const project1 = (view: 'x' | 'y', of: Numbers) => project(weightedView(fit[view], fit.values), rows(of));
    const similarity = cosine(await project1('x', X), await project1('y', Y));
    expectClose(similarity.slice(0, 2 * 60), retrieval.sim_first2rows.flat(), 1e-11);
    const ranks = X.map((_, i) => similarity.slice(i * 60, (i + 1) * 60).filter((s) => s > similarity[i * 61]!).length);
    expect(ranks).toEqual(retrieval.ranks_x2y);
  });

  it('leaves out a duplicate and a constant column, and says so', async () => {
    const { X, Y, rank_deficient: expected } = await oracle();
    const of = await moments(rows(X.map((row) => [...row, row[0]!, 2.5])), rows(Y));
    const fit = await cca(of);
    expectClose(fit.values, expected.rho, 1e-11);
    expect(fit.warnings).toEqual([{ code: 'RANK_DEFICIENT', message: 'cca: x has 7 columns, of rank 5, in 60 rows' }]);
    const ridge = await cca(of, { ridge: [0.1, 0.1] });
    expectClose(ridge.values, expected['reg_0.1'], 1e-11);
    expect(ridge.warnings).toEqual([]);
  });

  it('warns of too few rows, where every correlation is 1, but not with a ridge', async () => {
    const { X, Y, n_less_than_p: expected } = await oracle();
    const of = await moments(rows(X.slice(0, 4)), rows(Y.slice(0, 4)));
    const fit = await cca(of);
    expectClose(fit.values, [1, 1, 1], 1e-12);
    expect(fit.warnings.map(({ code }) => code)).toEqual(['TOO_FEW_ROWS', 'TOO_FEW_ROWS']);
    const ridge = await cca(of, { ridge: [0.5, 0.5] });
    expectClose(ridge.values, expected['reg_0.5_singular_values'], 1e-12);
    expect(ridge.warnings).toEqual([]);
  });

  it('does not feel how far the data are from zero', async () => {
    const { X, Y, reg0 } = await oracle();
    const whole = await moments(shift(rows(X), 1e6), shift(rows(Y), -1e6));
    const chunks = await Promise.all(
      [0, 20, 40].map(async (at) =>
        moments(shift(slice(rows(X), at, at + 20), 1e6), shift(slice(rows(Y), at, at + 20), -1e6)),
      ),
    );
    expectClose((await cca(whole)).values, reg0.rho, 1e-9);
    expectClose((await cca(chunks.reduce(mergeMoments))).values, reg0.rho, 1e-9);
  });
});

describeGolden('moments', () => {
  it('of a stream equal the reference after every chunk', async () => {
    const { X, Y, streaming } = await oracle();
    let at = 0;
    const chunks = streaming.states.map(({ chunk_rows: n }) => {
      at += n;
      return [slice(rows(X), at - n, at), slice(rows(Y), at - n, at)] as const;
    });
    for (const [i, state] of streaming.states.entries())
      expectState(await streamMoments(chunks.slice(0, i + 1)), state);
  });

  it('of a stream let timers run between chunks', async () => {
    const pair = [rows([[1, 2]]), rows([[3]])] as const;
    function* chunks(piece: () => void) {
      for (let i = 0; i < 50; i++) {
        piece();
        yield pair;
      }
    }
    expect(await piecesUntilAbort((signal, piece) => streamMoments(chunks(piece), { signal }))).toBeLessThan(10);
  });

  it('merge in any order', async () => {
    const { X, Y, streaming } = await oracle();
    const [a, b, c] = await Promise.all(
      [0, 7, 27].map(async (from, i) =>
        moments(slice(rows(X), from, [7, 27, 60][i]!), slice(rows(Y), from, [7, 27, 60][i]!)),
      ),
    );
    expectState(mergeMoments(c!, mergeMoments(b!, a!)), streaming.states[2]!);
  });

  function expectState(got: Moments, { mean_x: meanX, mean_y: meanY, Mxx, Myy, Mxy }: State): void {
    expectClose(got.meanX, meanX, 1e-12);
    expectClose(got.meanY, meanY, 1e-12);
    expectClose(got.xx.data, Mxx.flat(), 1e-10);
    expectClose(got.yy.data, Myy.flat(), 1e-10);
    expectClose(got.xy.data, Mxy.flat(), 1e-10);
  }
});

interface Canonical {
  readonly X: Numbers;
  readonly Y: Numbers;
  readonly cancorr_eigh: readonly number[];
  readonly x_coef: Numbers;
  readonly y_coef: Numbers;
  readonly ridge: Fit &
    Record<'rx' | 'ry', number> & {
      readonly singular_values: readonly number[];
      readonly x_coef: Numbers;
      readonly y_coef: Numbers;
    };
}

describeGolden('linear CCA of other tools', () => {
  const golden = () => goldenJson<Record<'linnerud' | 'synthetic200', Canonical>>('golden/cca/cca.json');
  const magnitudes = (values: Iterable<number>) => Array.from(values, Math.abs);

  it('has the correlations and weights of statsmodels', async () => {
    const { linnerud } = await golden();
    const fit = await cca(await moments(rows(linnerud.X), rows(linnerud.Y)));
    expectClose(fit.values, linnerud.cancorr_eigh, 1e-12);
    expectClose(magnitudes(fit.x.weights.data), magnitudes(linnerud.x_coef.flat()), 1e-10);
    expectClose(magnitudes(fit.y.weights.data), magnitudes(linnerud.y_coef.flat()), 1e-10);
  });

  it('has their values with and without a ridge', async () => {
    const { X, Y, cancorr_eigh: expected, ridge } = (await golden()).synthetic200;
    const of = await moments(rows(X), rows(Y));
    expectClose((await cca(of)).values, expected, 1e-12);
    const fit = await cca(of, { ridge: [ridge.rx, ridge.ry] });
    expectClose(fit.values, ridge.singular_values, 1e-12);
    expectClose(magnitudes(fit.x.weights.data), magnitudes(ridge.x_coef.flat()), 1e-11);
    expectClose(magnitudes(fit.y.weights.data), magnitudes(ridge.y_coef.flat()), 1e-11);
  });
});

describe('linear CCA', () => {
  const [x, y] = [
    rows([
      [1, 2],
      [3, 5],
      [4, 1],
    ]),
    rows([[1], [2], [4]]),
  ];
  const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });
  const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });

  it('refuses what has no answer', async () => {
    await expect(cca(await moments(slice(x, 0, 1), slice(y, 0, 1)))).rejects.toThrow(invalid);
    await expect(cca(await moments(x, rows([[1], [1], [1]])))).rejects.toThrow(invalid);
    await expect(cca(await moments(x, y), { ridge: [-1, 0] })).rejects.toThrow(invalid);
    await expect(moments(x, rows([[1], [Number.NaN], [1]]))).rejects.toThrow(invalid);
    await expect(streamMoments([])).rejects.toThrow(invalid);
  });

  it('refuses what does not fit', async () => {
    await expect(moments(x, slice(y, 0, 2))).rejects.toThrow(mismatch);
    const [pairs, others] = [await moments(x, y), await moments(y, y)];
    expect(() => mergeMoments(pairs, others)).toThrow(mismatch);
    await expect(project((await cca(await moments(x, y))).x, y)).rejects.toThrow(mismatch);
  });

  it('gives a ridge as a part of the mean variance', async () => {
    expectClose(
      relativeRidge(await moments(x, y), 0.1),
      [(0.1 * (14 / 3 + 26 / 3)) / 2 / 2, (0.1 * 14) / 3 / 2],
      1e-12,
    );
  });
});
