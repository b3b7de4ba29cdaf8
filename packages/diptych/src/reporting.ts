import type { Files } from '@diptych/files';
import { isThere } from './model-json.ts';

/** The same files, told of as they are opened. */
export function reporting(files: Files, onFile: (path: string) => void): Files {
  return {
    id: files.id,
    async open(path, signal) {
      const source = await files.open(path, signal);
      if (source) onFile(path);
      return source;
    },
    has: async (path, signal) => isThere(files, path, signal),
    // Where nothing is far, a look is as good as a reading: it is told when the file itself is opened.
    peek: async (path, signal) => (files.peek ? files.peek(path, signal) : files.open(path, signal)),
    ...(files.paths && { paths: async (signal) => files.paths!(signal) }),
  };
}
