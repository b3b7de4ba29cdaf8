/** How a run is trained; everything was chosen on the validation part. */
export interface Recipe {
  /** Length of an embedding, of a state of the GRU and of a word's vector. */
  readonly dim: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Adam's memory of squares: the part of the old that a step keeps. */
  readonly squareDecay: number;
  /** Part of the old average of the weights that a step keeps; the average is what is judged. */
  readonly averageDecay: number;
  /** Chance of a value of a feature vector to be left out in a step. */
  readonly dropFeatures: number;
  /** The same of a word. */
  readonly dropWords: number;
}

export const recipe: Recipe = {
  dim: 256,
  epochs: 6,
  batchSize: 256,
  learningRate: 4e-3,
  weightDecay: 4,
  squareDecay: 0.95,
  averageDecay: 0.99,
  dropFeatures: 0.1,
  dropWords: 0.1,
};
