import { describeGolden, goldenJson, goldenText } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  atLevel,
  averagePrecisionAt,
  type ByQuery,
  hitAt,
  ndcgAt,
  precisionAt,
  rankRun,
  type Ranking,
  readQrels,
  readRun,
  recallAt,
  reciprocalRankAt,
  rPrecision,
} from '../src/index.ts';

const folder = 'golden/trec_eval';

/** Our metric for each name of trec_eval that we have one for. */
function metricOf(name: string): ((ranking: Ranking) => number) | undefined {
  const [, base, cut] = /^(.*?)_?(\d+)?$/.exec(name)!;
  const k = cut === undefined ? Infinity : Number(cut);
  const metrics: Record<string, (ranking: Ranking) => number> = {
    map: (ranking) => averagePrecisionAt(ranking, Infinity),
    map_cut: (ranking) => averagePrecisionAt(ranking, k, 'R'),
    P: (ranking) => precisionAt(ranking, k),
    recall: (ranking) => recallAt(ranking, k),
    success: (ranking) => hitAt(ranking, k),
    ndcg: (ranking) => ndcgAt(ranking, Infinity),
    ndcg_cut: (ranking) => ndcgAt(ranking, k),
    recip_rank: (ranking) => reciprocalRankAt(ranking, Infinity),
    Rprec: rPrecision,
    num_ret: ({ retrieved }) => retrieved.length,
    num_rel: ({ relevant }) => relevant.length,
    num_rel_ret: ({ retrieved }) => Array.from(retrieved).filter((grade) => grade > 0).length,
  };
  return metrics[base!];
}

interface Run {
  readonly output: string;
  readonly qrels?: string;
  readonly results?: string;
  readonly depth?: number;
  /** What counts as relevant, but for nDCG. */
  readonly level?: number;
}

async function expectTrecEval({ output, qrels = 'qrels.test', results = 'results.test', depth, level = 1 }: Run) {
  const judged = readQrels(await goldenText(`${folder}/${qrels}`));
  const run = readRun(await goldenText(`${folder}/${results}`));
  const rankings = rankRun(judged, run, depth);
  let compared = 0;
  for (const line of (await goldenText(`${folder}/${output}`)).trim().split('\n')) {
    const [name, query, value] = line.trim().split(/\s+/) as [string, string, string];
    const metric = metricOf(name);
    if (!metric) continue;
    const graded = name.startsWith('ndcg');
    const of = (ranking: Ranking) => metric(graded ? ranking : atLevel(ranking, level));
    const rankingsOf = query === 'all' ? [...rankings.values()] : [rankings.get(query)!];
    const sum = rankingsOf.reduce((total, ranking) => total + of(ranking), 0);
    const got = value.includes('.') ? (sum / rankingsOf.length).toFixed(4) : String(sum);
    expect(got, `${name} of ${query}`).toBe(value);
    compared++;
  }
  return compared;
}

describeGolden('trec_eval', () => {
  it.each<[string, Run & { compared: number }]>([
    ['prints the same', { output: 'out.test', compared: 15 }],
    ['prints the same with all measures', { output: 'out.test.a', compared: 46 }],
    ['prints the same per query', { output: 'out.test.aq', compared: 184 }],
    [
      'prints the same for a short run, queries without results counting 0',
      { output: 'out.test.aqc', results: 'results.trunc', compared: 184 },
    ],
    [
      'prints the same for the first 100 documents',
      { output: 'out.test.aqcM', results: 'results.trunc', depth: 100, compared: 184 },
    ],
    [
      'prints the same for grades from a level up',
      { output: 'out.test.aql', qrels: 'qrels.rel_level', level: 2, compared: 184 },
    ],
    ['prints the same for other cut-offs', { output: 'out.test.meas_params', compared: 44 }],
  ])('%s', async (_, { compared, ...run }) => {
    expect(await expectTrecEval(run)).toBe(compared);
  });
});

describeGolden('files of ranx', () => {
  const data = 'golden/ranx/test_data';

  async function json(name: string): Promise<ByQuery> {
    const found = await goldenJson<Record<string, Record<string, number>>>(`${data}/${name}`);
    return new Map(Object.entries(found).map(([query, documents]) => [query, new Map(Object.entries(documents))]));
  }

  it('read as the JSON beside them', async () => {
    expect(readQrels(await goldenText(`${data}/qrels.trec`))).toEqual(await json('qrels.json'));
    expect(readRun(await goldenText(`${data}/run.trec`))).toEqual(await json('run.json'));
  });

  it('make perfect lists', async () => {
    const rankings = rankRun(await json('qrels.json'), await json('run.json'));
    expect([...rankings.values()].map((ranking) => ndcgAt(ranking, Infinity))).toEqual([1, 1]);
  });
});

describe('runs', () => {
  it('put the later name first among equal scores, and scores equal in single precision are equal', () => {
    const qrels = readQrels('q 0 a 1\nq 0 b 2\nq 0 c 3\n');
    const run = readRun('q Q0 a 1 0.1 x\nq Q0 b 2 0.1 x\nq Q0 c 3 0.10000000001 x\n');
    expect(rankRun(qrels, run).get('q')!.retrieved).toEqual([3, 2, 1]);
  });

  it.each([
    ['a short line', () => readQrels('q 0 a')],
    ['a grade that is no number', () => readQrels('q 0 a yes')],
    ['a document twice', () => readRun('q Q0 a 1 2 x\nq Q0 a 2 1 x')],
  ])('refuse %s, with the line', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(/line \d/) }));
  });
});
