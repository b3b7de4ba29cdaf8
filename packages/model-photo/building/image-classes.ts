import { createRequire } from 'node:module';
import type { Synset, WordNet } from './wordnet.ts';

/** One of the 1,000 things that the classifier tells apart. */
export interface ImageClass {
  /** As the npm package `@tensorflow-models/mobilenet` lists them: `tabby, tabby cat`. */
  readonly name: string;
  readonly synset: Synset;
}

/** Classes below it are animals; from it on they stand in the order of WordNet's file. */
const firstThing = 398;

/** Where neither the order nor WordNet's frequencies find the meaning: a word of the right gloss. */
const told: Readonly<Record<string, string>> = {
  abacus: 'calculator',
  bow: 'arrows',
  palace: 'mansion',
  pier: 'bridge',
  reel: 'wound',
  schooner: 'vessel',
};

/** The classes in the classifier's order, each with its meaning. */
export function imageClasses(wordnet: WordNet): ImageClass[] {
  const require = createRequire(import.meta.url);
  const { IMAGENET_CLASSES } = require('@tensorflow-models/mobilenet/dist/imagenet_classes.js') as {
    readonly IMAGENET_CLASSES: Readonly<Record<number, string>>;
  };
  const names = Object.values(IMAGENET_CLASSES);
  const candidates = names.map((name, i) => candidatesOf(wordnet, name, i < firstThing));
  return names.map((name, i) => ({ name, synset: chosen(candidates, i, told[name]) }));
}

/** Meanings whose lemmas are the most like the class's names, the most frequent first; animals alone, or none. */
function candidatesOf(wordnet: WordNet, name: string, animal: boolean): Synset[] {
  const names = name.toLowerCase().split(', ');
  const offsets = new Set(names.flatMap((one) => [...wordnet.senses(one), ...wordnet.senses(one.replaceAll(' ', ''))]));
  const [top] = wordnet.senses('animal');
  const all = [...offsets];
  const fitting = all.filter((offset) => wordnet.ancestors(offset).has(top!) === animal);
  const synsets = (fitting.length > 0 ? fitting : all).map((offset) => wordnet.synsets.get(offset)!);
  const scores = synsets.map(({ lemmas }) => {
    const common = lemmas.filter((lemma) => names.includes(lemma.toLowerCase())).length;
    return common / (lemmas.length + names.length - common);
  });
  const best = Math.max(...scores);
  return synsets.filter((_, i) => scores[i] === best);
}

function chosen(candidates: readonly Synset[][], i: number, word?: string): Synset {
  const own = candidates[i]!;
  if (own.length === 1 || i < firstThing) return own[0]!;
  const hinted = word ? own.find(({ gloss }) => gloss.includes(word)) : undefined;
  if (hinted) return hinted;
  const sure = (from: number, to: number) =>
    candidates.slice(Math.max(firstThing, from), to).flatMap((some) => (some.length === 1 ? [some[0]!.offset] : []));
  const low = middle(sure(i - 5, i).slice(-3)) ?? 0;
  const high = middle(sure(i + 1, i + 6).slice(0, 3)) ?? Infinity;
  const beyond = ({ offset }: Synset) => Math.max(low - offset, offset - high, 0);
  const least = Math.min(...own.map(beyond));
  return own.find((synset) => beyond(synset) === least)!;
}

function middle(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}
