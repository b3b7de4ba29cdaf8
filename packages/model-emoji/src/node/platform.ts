import { fileURLToPath } from 'node:url';
import type { Files } from '@diptych/files';
import { directory } from '@diptych/files/node';

/** The files beside `src` and `dist` alike. */
export const weightFiles: Files['open'] = (path, signal) =>
  directory(fileURLToPath(new URL('../../weights', import.meta.url))).open(path, signal);
