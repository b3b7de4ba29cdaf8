// Made of `numbers/kernel-constants.ts` of core by `tools/kernels.mjs`: not by hand.

export const GELU_TANH_LINEAR: f32 = 1.5957691216057308;
export const GELU_TANH_CUBIC: f32 = 0.07135481627260025;
export const HIDDEN_SCORE: f32 = -1000000000;
export const LARGEST_CODE_INT8: f32 = 127;
export const LARGEST_CODE_INT16: f32 = 1672;
export const NORMAL_TAIL_SLOPE: f32 = 0.35;
export const NORMAL_TAIL_POLYNOMIAL_0: f32 = 0.047302739;
export const NORMAL_TAIL_POLYNOMIAL_1: f32 = -0.299346901;
export const NORMAL_TAIL_POLYNOMIAL_2: f32 = 0.626813675;
export const NORMAL_TAIL_POLYNOMIAL_3: f32 = -0.300698098;
export const NORMAL_TAIL_POLYNOMIAL_4: f32 = 0.326063452;
export const NORMAL_TAIL_POLYNOMIAL_5: f32 = 0.0954640028;
export const NORMAL_TAIL_POLYNOMIAL_6: f32 = 0.00440112017;
export const QUICK_GELU_SLOPE: f32 = 1.702;
