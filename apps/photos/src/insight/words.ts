import { everydayWords } from '@diptych/retrieval';

/** Evenly chosen of them, to learn a floor by. */
export const unrelated: readonly string[] = everydayWords.filter((_, i) => i % 4 === 0);
