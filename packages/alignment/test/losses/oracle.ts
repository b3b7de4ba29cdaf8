import { goldenJson } from '@diptych/golden';

export type Numbers = readonly (readonly number[])[];

/** One loss of `oracles/losses.json`. */
export interface LossCase {
  readonly loss: number;
  readonly grad_img_raw: Numbers;
  readonly grad_txt_raw: Numbers;
  /** With respect to unit rows; absent where the rows are not normalised. */
  readonly grad_img?: Numbers;
  readonly grad_txt?: Numbers;
  readonly scalars?: Readonly<Record<string, number>>;
  readonly grad_scalars?: Readonly<Record<string, number>>;
  readonly extra_inputs?: Readonly<Record<string, Numbers>>;
  readonly grad_extra?: Readonly<Record<string, Numbers>>;
}

export interface LossOracle {
  readonly inputs: Readonly<Record<'img_raw' | 'txt_raw' | 'img' | 'txt' | 'teacher_img' | 'teacher_txt', Numbers>> & {
    readonly labels: readonly number[];
  };
  readonly cases: Readonly<Record<string, LossCase>>;
  readonly dann_lambda_schedule: { readonly p: readonly number[]; readonly lambda: readonly number[] };
  readonly dann_lr_schedule: { readonly mu0: number; readonly p: readonly number[]; readonly lr: readonly number[] };
  readonly hand_2x2: Readonly<Record<'vse0' | 'vsepp' | 'clip_scale_10' | 'margin', number>> & {
    readonly scores: Numbers;
  };
}

export function lossOracle(): Promise<LossOracle> {
  return goldenJson('oracles/losses.json');
}
