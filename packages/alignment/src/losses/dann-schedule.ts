/** Weight of the reversed gradient, `2 / (1 + exp(-γp)) - 1`, from 0 to nearly 1; `progress` in `[0, 1]`. DANN. */
export function dannWeight(progress: number, gamma = 10): number {
  return 2 / (1 + Math.exp(-gamma * progress)) - 1;
}

/** Learning rate `base / (1 + 10 p)^0.75` of DANN, Ganin et al. 2016; `progress` in `[0, 1]`. */
export function dannLearningRate(base: number, progress: number, alpha = 10, beta = 0.75): number {
  return base / (1 + alpha * progress) ** beta;
}
