import type { Tensor } from '@tensorflow/tfjs-core';

/** One variable before a step. */
export interface UpdateInput {
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** What the rule keeps for this variable, in the order of `memory`; zeros before the first step. */
  readonly memory: readonly Tensor[];
  readonly learningRate: number;
  /** 1 for the first. */
  readonly step: number;
  /** False for variables that weight decay leaves alone. */
  readonly decays: boolean;
}

/** How an optimiser moves one variable: a function without state. */
export interface UpdateRule {
  /** Names of the arrays it keeps for each variable, each in its shape. */
  readonly memory: readonly string[];
  readonly update: (input: UpdateInput) => { readonly value: Tensor; readonly memory: readonly Tensor[] };
}
