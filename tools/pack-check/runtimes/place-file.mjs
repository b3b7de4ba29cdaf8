import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Where a file or folder of a place lies: among the places, or, where its path begins with `examples/`, among the examples. */
export function placeFile(path) {
  return path.startsWith('examples/') ? join(root, 'apps', path) : join(root, 'tools/pack-check/places', path);
}
