import type { PackagedModel } from 'diptych';
import { emojiArchitecture } from './emoji-architecture.ts';
import { weightFiles } from './weights/weight-files.ts';

/** Pictures of emoji and icons, and short phrases in 15 languages; weights beside the code, nothing is downloaded. */
export const emoji: PackagedModel = {
  id: 'emoji-1',
  open: weightFiles,
  architecture: emojiArchitecture,
};
