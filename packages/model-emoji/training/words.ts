import type { Emoji } from './emoji-data.ts';

type Random = () => number;

/** A text and the numbers of the emoji that it stands for. */
export interface Word {
  readonly text: string;
  readonly of: readonly number[];
}

/** How often the English name and a name in any language are drawn; else it is a keyword. */
export interface Chances {
  readonly english: number;
  readonly otherName: number;
}

/** Draws that may fail before the name is taken. */
const tries = 6;

/** Texts of emoji, drawn at random. A keyword stands for every emoji that has it, a name for its own. */
export class Words {
  readonly #emoji: readonly Emoji[];
  readonly #owners = new Map<string, number[]>();

  constructor(emoji: readonly Emoji[]) {
    this.#emoji = emoji;
    emoji.forEach(({ keywords }, i) => {
      for (const word of new Set(Object.values(keywords).flat())) {
        const owners = this.#owners.get(word);
        if (owners) owners.push(i);
        else this.#owners.set(word, [i]);
      }
    });
  }

  draw(index: number, { english, otherName }: Chances, random: Random): Word {
    const { labels, keywords } = this.#emoji[index]!;
    const chance = random();
    const lists = Object.values(keywords);
    if (chance < english || lists.length === 0) return this.#name(index);
    if (chance < english + otherName) return { text: pick(Object.values(labels), random), of: [index] };
    const text = pick(pick(lists, random), random);
    return { text, of: this.#owners.get(text)! };
  }

  /** A text of one emoji that stands for none of the others. */
  drawApart(index: number, others: readonly number[], chances: Chances, random: Random): Word {
    for (let i = 0; i < tries; i++) {
      const word = this.draw(index, chances, random);
      if (word.of.length === 1 || !word.of.some((one) => one !== index && others.includes(one))) return word;
    }
    return this.#name(index);
  }

  #name(index: number): Word {
    return { text: this.#emoji[index]!.labels['en']!, of: [index] };
  }
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}
