/**
 * What linear layers multiply when no gradient is recorded.
 *
 * - `float32`: as everywhere else.
 * - `int16`: weights and activations in codes up to 1672, scaled by column and by row; integer sums are exact.
 * - `int8`: weights in 8 bits scaled by column, activations in 7 that span the numbers of their row.
 */
export type Arithmetic = 'float32' | 'int16' | 'int8';

/** The numbers that the kernels know them by. */
export const formats: Readonly<Record<Arithmetic, number>> = { float32: 0, int16: 1, int8: 2 };
