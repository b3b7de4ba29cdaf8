import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder that `tools/bundled-scripts.ts` filled. */
    bundled: string;
  }
}

/** Path of a script that the package's test configuration names, bundled: `node` runs it as it is. */
export function bundled(script: string): string {
  return `${inject('bundled')}/${script.replace(/\.ts$/, '.mjs')}`;
}
