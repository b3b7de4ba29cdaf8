import type { EmojiConfig } from '../config.ts';

/** What the weights beside it are of. */
export const config: EmojiConfig = {
  dim: 128,
  text: { buckets: 20_000, width: 128, hidden: 256 },
  image: { size: 48, stem: 24, widths: [48, 96, 192], blocks: [1, 1, 1] },
};
