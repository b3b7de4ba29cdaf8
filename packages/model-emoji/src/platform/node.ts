import { fileURLToPath } from 'node:url';
import type { ModelFiles } from '@diptych/checkpoint';
import { directory } from '@diptych/checkpoint/node';

/** The files beside `src` and `dist` alike. */
export const weightFiles: ModelFiles['open'] = (path, signal) =>
  directory(fileURLToPath(new URL('../../weights', import.meta.url))).open(path, signal);
