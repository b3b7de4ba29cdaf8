import { type Floor, learnFloor } from '../insight/cut-off.ts';
import type { Matrix } from '../insight/rows.ts';
import { rank, type Ranked } from './rank.ts';
import { RowTable } from './row-table.ts';

/** What is asked of all rows, by its name. */
export interface Questions {
  rank: { readonly query: Float32Array; readonly floor: Floor | undefined };
  /** What unrelated words reach. */
  floor: { readonly words: Matrix };
}

export interface Answers {
  rank: Ranked;
  floor: Floor;
}

/** Rows that come and go as in the page's own table, or a question, which is answered about the rows that were there. */
export type Told =
  | { readonly kind: 'begin'; readonly dim: number }
  | { readonly kind: 'add'; readonly ids: readonly string[]; readonly data: Float32Array }
  | { readonly kind: 'remove'; readonly ids: ReadonlySet<string> }
  | {
      [K in keyof Questions]: { readonly kind: K; readonly call: number; readonly question: Questions[K] };
    }[keyof Questions];

let table = new RowTable<{ readonly id: string }>(0);

addEventListener('message', ({ data: told }: MessageEvent<Told>) => {
  if (told.kind === 'begin') table = new RowTable(told.dim);
  else if (told.kind === 'remove') table.remove(told.ids);
  else if (told.kind === 'add') {
    const items = told.ids.map((id) => ({ id }));
    table.add(items, told.data);
  } else {
    const { call } = told;
    answerOf(told).then(
      (answer) => postMessage({ call, answer }),
      (error: unknown) => postMessage({ call, problem: String(error) }),
    );
  }
});

async function answerOf(told: Extract<Told, { readonly call: number }>): Promise<Answers[keyof Answers]> {
  const { rows } = table.rows;
  if (told.kind === 'rank') return rank(rows, told.question.query, told.question.floor);
  return learnFloor(rows, told.question.words);
}
