import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { models, type PublishedModel } from '../../../src/models.ts';

export interface ModelFacts {
  readonly models: readonly PublishedModel[];
  /** Kinds of repositories that the tests see refused. */
  readonly refused: readonly string[];
}

export declare const data: ModelFacts;

const kinds = fileURLToPath(new URL('../../../../../packages/diptych/test/zoo/kinds.ts', import.meta.url));

export default {
  load(): ModelFacts {
    const names = readFileSync(kinds, 'utf8').matchAll(/^ {2}'(?:openclip-|st-)?refused-([\w-]+)':/gm);
    return { models, refused: [...new Set([...names].map((match) => match[1]!))].toSorted() };
  },
};
