import { atOnce } from '@diptych/core';
import { describeGolden, goldenJson } from '@diptych/golden';
import { expectClose } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { gcca, kernelCca, mcca, procrustes, project, projectKernel, rbfKernel } from '../../src/index.ts';
import { multiply, transpose } from '../../src/linear-algebra/matrix.ts';
import { rows, slice } from '../rows.ts';

type Numbers = readonly (readonly number[])[];
interface Oracle {
  readonly kcca: Record<'gamma_x' | 'gamma_y' | 'kappa', number> &
    Record<'alpha_top3' | 'beta_top3' | 'variates_x_first2', Numbers> &
    Record<'rho_top3' | 'linear_kernel_limit_rho', readonly number[]>;
  readonly third_view_W: Numbers;
  readonly gcca_maxvar: {
    readonly reg: number;
    readonly eigenvalues_top2: readonly number[];
    readonly U: readonly Numbers[];
    readonly G_first3rows: Numbers;
  };
  readonly gcca_two_view_identity: { readonly eigenvalues: readonly number[] };
  readonly mcca_sumcor: {
    readonly eigenvalues_top2: readonly number[];
    readonly vectors_top2_normalised_vDv1: Numbers;
  };
}

async function oracle() {
  const { X, Y } = await goldenJson<Record<'X' | 'Y', Numbers>>('oracles/cca_linear.json');
  return { x: rows(X), y: rows(Y), ...(await goldenJson<Oracle>('oracles/cca_variants.json')) };
}
const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });

describeGolden('kernel CCA', () => {
  it('equals the reference, and projects training rows as new ones', async () => {
    const { x, y, kcca } = await oracle();
    const [first, other] = [slice(x, 0, 25), slice(y, 0, 25)];
    const kernel = await rbfKernel(first, first, kcca.gamma_x);
    const fit = await kernelCca(kernel, await rbfKernel(other, other, kcca.gamma_y), {
      kappa: kcca.kappa,
      components: 3,
    });
    expectClose(fit.values, kcca.rho_top3, 1e-12);
    expectClose(fit.x.weights.data, kcca.alpha_top3.flat(), 1e-11);
    expectClose(fit.y.weights.data, kcca.beta_top3.flat(), 1e-11);
    const two = await projectKernel(fit.x, await rbfKernel(slice(x, 0, 2), first, kcca.gamma_x));
    expectClose(two.data, kcca.variates_x_first2.flat(), 1e-11);
  });

  it('with a linear kernel and little regularisation is linear CCA', async () => {
    const { x, y, kcca } = await oracle();
    const [kx, ky] = [x, y].map((view) => atOnce(multiply(slice(view, 0, 25), transpose(slice(view, 0, 25)))));
    const fit = await kernelCca(kx!, ky!, { kappa: 1e-7, components: 4 });
    expectClose(fit.values, kcca.linear_kernel_limit_rho, 1e-6);
  });

  it('refuses kernels that are not square and of one size', async () => {
    await expect(kernelCca(rows([[1, 2]]), rows([[1]]), { kappa: 1 })).rejects.toThrow(mismatch);
  });
});

describeGolden('several views', () => {
  it('have the MAX-VAR solution of the reference', async () => {
    const { x, y, third_view_W: w, gcca_maxvar: expected } = await oracle();
    const fit = await gcca([x, y, rows(w)], { components: 2, ridge: expected.reg });
    expectClose(fit.values, expected.eigenvalues_top2, 1e-12);
    expectClose(slice(fit.shared, 0, 3).data, expected.G_first3rows.flat(), 1e-11);
    fit.views.forEach(({ weights }, i) => expectClose(weights.data, expected.U[i]!.flat(), 1e-11));
  });

  it('that are two have eigenvalues 1 + correlation', async () => {
    const { x, y, gcca_two_view_identity: expected } = await oracle();
    expectClose((await gcca([x, y], { components: 4 })).values, expected.eigenvalues, 1e-10);
  });

  it('have the SUMCOR solution of the reference, with scores of variance 1 in the sum', async () => {
    const { x, y, third_view_W: w, mcca_sumcor: expected } = await oracle();
    const views = [x, y, rows(w)];
    const fit = await mcca(views, { components: 2 });
    expectClose(fit.values, expected.eigenvalues_top2, 1e-12);
    const stacked = fit.views.flatMap(({ weights }) => [...weights.data]);
    expectClose(stacked, expected.vectors_top2_normalised_vDv1.flat(), 1e-11);
    const projected = await Promise.all(views.map(async (view, i) => project(fit.views[i]!, view)));
    const squares = projected.flatMap(({ data }) => [...data]);
    expect(squares.reduce((sum, value, at) => sum + (at % 2 === 0 ? value ** 2 : 0), 0) / 59).toBeCloseTo(1, 12);
  });

  it('must have the same rows', async () => {
    const { x, y } = await oracle();
    await expect(gcca([x, slice(y, 0, 9)], { components: 1 })).rejects.toThrow(mismatch);
  });
});

describeGolden('Procrustes', () => {
  it('gives the rotation of the reference', async () => {
    interface Diagnostics extends Record<'X_images' | 'Y_captions', Numbers> {
      readonly procrustes: { readonly R: Numbers };
    }
    const {
      X_images: x,
      Y_captions: y,
      procrustes: expected,
    } = await goldenJson<Diagnostics>('oracles/diagnostics.json');
    expectClose((await procrustes(rows(x), rows(y))).data, expected.R.flat(), 1e-12);
    await expect(procrustes(rows(x), rows(y.slice(1)))).rejects.toThrow(mismatch);
  });
});
