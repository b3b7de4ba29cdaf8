/** Numbers of one direction of a recurrent layer, weights row by row. */
export interface Cell {
  readonly x: ArrayLike<number>;
  readonly inputWeight: ArrayLike<number>;
  readonly inputBias: ArrayLike<number>;
  readonly hiddenWeight: ArrayLike<number>;
  readonly hiddenBias: ArrayLike<number>;
}

interface Shape {
  readonly kind: 'gru' | 'lstm';
  readonly direction: 'forward' | 'backward';
  readonly masks: readonly (readonly number[])[];
  readonly hidden: number;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** In double precision, state by state: `[n, length, states * hidden]`. */
export function recurrentFormula(cell: Cell, { kind, direction, masks, hidden }: Shape): Float64Array {
  const [n, length] = [masks.length, masks[0]!.length];
  const width = cell.inputBias.length;
  const inputs = cell.inputWeight.length / width;
  const kinds = kind === 'gru' ? 1 : 2;
  const y = new Float64Array(n * length * kinds * hidden);
  const product = (row: readonly number[], weight: ArrayLike<number>, bias: ArrayLike<number>) => {
    const totals = new Float64Array(bias);
    for (let k = 0; k < row.length; k++) {
      for (let j = 0; j < width; j++) totals[j]! += row[k]! * weight[k * width + j]!;
    }
    return totals;
  };
  for (const [text, mask] of masks.entries()) {
    let state = Array.from({ length: kinds * hidden }, () => 0);
    for (let step = 0; step < length; step++) {
      const position = direction === 'forward' ? step : length - 1 - step;
      if (!mask[position]) continue;
      const place = text * length + position;
      const given = Array.from({ length: inputs }, (_, k) => cell.x[place * inputs + k]!);
      const byInput = product(given, cell.inputWeight, cell.inputBias);
      const byState = product(state.slice(0, hidden), cell.hiddenWeight, cell.hiddenBias);
      state = kind === 'gru' ? gruFormula(byInput, byState, state) : lstmFormula(byInput, byState, state);
      y.set(state, place * kinds * hidden);
    }
  }
  return y;
}

function gruFormula(byInput: Float64Array, byState: Float64Array, state: readonly number[]): number[] {
  const hidden = state.length;
  return state.map((old, i) => {
    const reset = sigmoid(byInput[i]! + byState[i]!);
    const update = sigmoid(byInput[hidden + i]! + byState[hidden + i]!);
    const candidate = Math.tanh(byInput[2 * hidden + i]! + reset * byState[2 * hidden + i]!);
    return (1 - update) * candidate + update * old;
  });
}

function lstmFormula(byInput: Float64Array, byState: Float64Array, state: readonly number[]): number[] {
  const hidden = state.length / 2;
  const gate = (which: number, i: number) => byInput[which * hidden + i]! + byState[which * hidden + i]!;
  const cells = state.slice(hidden).map((old, i) => {
    return sigmoid(gate(1, i)) * old + sigmoid(gate(0, i)) * Math.tanh(gate(2, i));
  });
  return [...cells.map((cell, i) => sigmoid(gate(3, i)) * Math.tanh(cell)), ...cells];
}
