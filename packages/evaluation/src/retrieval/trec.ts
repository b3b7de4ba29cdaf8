import { EmbeddingError, expectMembers, expectTexts, inTurns, pieces, type Steps } from '@diptych/core';
import { expectDepth } from '../depth.ts';
import { type Ranking, rankingOf, type RankingOptions } from './ranking.ts';
import type { SignalOption } from '../signal-option.ts';

/** Number by document, by query: grades of a qrels file, or scores of a run. */
export type ByQuery = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Grades from lines `query iteration document grade`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a line has too few columns, its grade is no number or it repeats a
 *   document of a query.
 */
export async function readQrels(text: string, options: SignalOption = {}): Promise<ByQuery> {
  expectMembers(options, 'readQrels: options');
  return inTurns(readColumns(text, { columns: 4, value: 3, name: 'qrels' }), options.signal);
}

/**
 * Scores from lines `query Q0 document rank score tag`. The rank is not read: as in trec_eval, the score decides.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a line has too few columns, its score is no number or it repeats a
 *   document of a query.
 */
export async function readRun(text: string, options: SignalOption = {}): Promise<ByQuery> {
  expectMembers(options, 'readRun: options');
  return inTurns(readColumns(text, { columns: 6, value: 4, name: 'run' }), options.signal);
}

/**
 * Each judged query's ranking by trec_eval's rules: falling score in single precision, of equals the later document
 * name first. A query that the run lacks has retrieved nothing, as with trec_eval's `-c`; one that was not judged is
 * left out.
 *
 * @param options `depth` is trec_eval's `-M`.
 * @throws {EmbeddingError} `INPUT_INVALID` when `depth < 1`.
 */
export async function rankRun(
  qrels: ByQuery,
  run: ByQuery,
  options: RankingOptions = {},
): Promise<ReadonlyMap<string, Ranking>> {
  expectMembers(options, 'rankRun: options');
  return inTurns(rankRunSteps(qrels, run, options.depth ?? Infinity), options.signal);
}

function* rankRunSteps(qrels: ByQuery, run: ByQuery, depth: number): Steps<ReadonlyMap<string, Ranking>> {
  expectDepth(depth, 'rankRun');
  for (const numbers of [qrels, run]) expectMembers(numbers, 'rankRun', 'get', 'entries');
  const rankings = new Map<string, Ranking>();
  const pause = pieces();
  for (const [query, grades] of qrels) {
    const scored = [...(run.get(query) ?? [])].map(([document, score]) => ({ document, score: Math.fround(score) }));
    scored.sort((a, b) => b.score - a.score || (a.document < b.document ? 1 : -1));
    const retrieved = scored.slice(0, depth).map(({ document }) => document);
    rankings.set(query, rankingOf(retrieved, grades));
    if (pause(perDocument * (scored.length + grades.size))) yield undefined;
  }
  return rankings;
}

/** Multiplications that take as long as to sort, or to read, one document of a query; one character of a line. */
const [perDocument, perCharacter] = [256, 32];

interface Columns {
  readonly columns: number;
  readonly value: number;
  readonly name: string;
}

function* readColumns(text: string, { columns, value, name }: Columns): Steps<ByQuery> {
  expectTexts([text], name);
  const found = new Map<string, Map<string, number>>();
  const pause = pieces();
  for (let index = 0, from = 0, end = 0; end < text.length; index++, from = end + 1) {
    end = text.indexOf('\n', from);
    if (end < 0) end = text.length;
    const line = text.slice(from, end);
    if (pause(perCharacter * (line.length + 1))) yield undefined;
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
      throw new EmbeddingError('INPUT_INVALID', {
        where: `${name} line ${index + 1}`,
        expected: `each document of query '${query}' once`,
        got: `'${document}' again`,
      });
    }
    found.set(query, documents.set(document, number));
  }
  return found;
}
