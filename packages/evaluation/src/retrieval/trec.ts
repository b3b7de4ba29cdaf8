import { EmbeddingError, expectMembers, expectTexts } from '@diptych/core';
import { expectDepth } from '../depth.ts';
import { type Ranking, rankingOf } from './ranking.ts';

/** Number by document, by query: grades of a qrels file, or scores of a run. */
export type ByQuery = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Grades from lines `query iteration document grade`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a line has too few columns, its grade is no number or it repeats a
 *   document of a query.
 */
export function readQrels(text: string): ByQuery {
  return readColumns(text, { columns: 4, value: 3, name: 'qrels' });
}

/**
 * Scores from lines `query Q0 document rank score tag`. The rank is not read: as in trec_eval, the score decides.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a line has too few columns, its score is no number or it repeats a
 *   document of a query.
 */
export function readRun(text: string): ByQuery {
  return readColumns(text, { columns: 6, value: 4, name: 'run' });
}

/**
 * Each judged query's ranking by trec_eval's rules: falling score in single precision, of equals the later document
 * name first. A query that the run lacks has retrieved nothing, as with trec_eval's `-c`; one that was not judged is
 * left out.
 *
 * @param depth Documents of each query to keep, as trec_eval's `-M`. Default: all.
 * @throws {EmbeddingError} `INPUT_INVALID` when `depth < 1`.
 */
export function rankRun(qrels: ByQuery, run: ByQuery, depth: number = Infinity): ReadonlyMap<string, Ranking> {
  expectDepth(depth, 'rankRun');
  for (const numbers of [qrels, run]) expectMembers(numbers, 'rankRun', 'get', 'entries');
  return new Map(
    [...qrels].map(([query, grades]) => {
      const scored = [...(run.get(query) ?? [])].map(([document, score]) => ({ document, score: Math.fround(score) }));
      scored.sort((a, b) => b.score - a.score || (a.document < b.document ? 1 : -1));
      const retrieved = scored.slice(0, depth).map(({ document }) => document);
      return [query, rankingOf(retrieved, grades)];
    }),
  );
}

interface Columns {
  readonly columns: number;
  readonly value: number;
  readonly name: string;
}

function readColumns(text: string, { columns, value, name }: Columns): ByQuery {
  expectTexts([text], name);
  const found = new Map<string, Map<string, number>>();
  for (const [index, line] of text.split('\n').entries()) {
    const fields = line.trim().split(/\s+/);
    if (fields[0] === '') continue;
    const [query, document, number] = [fields[0]!, fields[2]!, Number(fields[value])];
    if (fields.length < columns || Number.isNaN(number)) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: `${name} line ${index + 1}`,
        expected: `${columns} columns`,
        got: `'${line}'`,
      });
    }
    const documents = found.get(query) ?? new Map<string, number>();
    if (documents.has(document)) {
      throw new EmbeddingError('INPUT_INVALID', `${name} line ${index + 1}: '${document}' again for query '${query}'`);
    }
    found.set(query, documents.set(document, number));
  }
  return found;
}
