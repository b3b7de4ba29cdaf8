/**
 * What the weights are made by. Chosen on the captions of `data/coco_mini`, 159 photos, as the model card tells.
 */
export const recipe = {
  /** Words that are in the vocabulary whatever they mean, by frequency. */
  generalWords: 5000,
  /** Words that may name something to be seen are looked for among so many. */
  nameableWords: 60_000,
  /** Directions that all words have in common are taken out of them: Mu and Viswanath 2018, arXiv:1702.01417. */
  commonDirections: 2,
  /** Of how many words these are found. */
  commonWords: 30_000,
  /** Share of its gloss in the vector of a word. */
  gloss: 0.3,
  /** Weights of a class's names, of its gloss, and of the names of what it is a kind of. */
  parts: { names: 1, gloss: 0.5, hypernyms: 0.5 },
  /** Cosines are multiplied by it before `exp`. */
  sharpness: 10,
  /** Steps up to what a class is a kind of, and the weight of each against the one below it. */
  hypernymSteps: 5,
  hypernymDecay: 0.6,
  /** Norms of a word's likenesses to classes are raised to the rest of it, so that vague words count less, but count. */
  levelling: 0.7,
  /** Weight of what WordNet says against what word vectors say. */
  hierarchy: 1,
  /** Meanings of a word, and the weight of each against the one before it. */
  senses: 5,
  senseDecay: 0.4,
  /** A word that stands for more classes, as `thing` does, stands for none. */
  mostClasses: 400,
  /** Weight of what the glosses and names of classes, and of what these are kinds of, say. */
  glosses: 0.5,
  /** Steps up to what a class is a kind of whose glosses count, the weight of each against the one below it, and of a name. */
  glossSteps: 3,
  glossDecay: 0.6,
  glossName: 2,
  /** What a word that has a colour says of it, and how far shares of colours count against those of classes. */
  colour: 40,
  colourShare: 0.2,
  /** How soft the borders of colours are, as a squared distance of theirs. */
  colourSoftness: 0.05,
} as const;
