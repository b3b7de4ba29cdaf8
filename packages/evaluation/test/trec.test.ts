import { describeGolden, goldenJson, goldenText } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import {
  atLevel,
  averagePrecisionAt,
  type ByQuery,
  geometricMean,
  hitAt,
  interpolatedPrecision,
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

const levels = Array.from({ length: 11 }, (_, i) => i / 10);
const foundAt = (ranking: Ranking, k: number) => precisionAt(ranking, k) * k;
const ranked = ({ retrieved }: Ranking) => retrieved.length;
const relevantIn = ({ retrieved }: Ranking) => Array.from(retrieved).filter((grade) => grade > 0).length;
/** 0 for a query that retrieved nothing. */
const setPrecision = (ranking: Ranking) => (ranked(ranking) > 0 ? precisionAt(ranking, ranked(ranking)) : 0);

/** Our metric for each name of trec_eval that we have one for, or that ours add up to. */
function metricOf(name: string): ((ranking: Ranking) => number) | undefined {
  const [, base, parameter] = /^(.*?)_?([\d.,]+)?$/.exec(name === '11pt_avg' ? `${name}_${levels.join(',')}` : name)!;
  const k = parameter === undefined ? Infinity : Number(parameter);
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
    Rprec_mult: (ranking) => precisionAt(ranking, Math.floor(k * ranking.relevant.length + 0.9)),
    iprec_at_recall: (ranking) => interpolatedPrecision(ranking, k),
    '11pt_avg': (ranking) => {
      const shares = parameter!.split(',').map(Number);
      return shares.reduce((sum, share) => sum + interpolatedPrecision(ranking, share), 0) / shares.length;
    },
    relative_P: (ranking) => foundAt(ranking, k) / Math.min(k, ranking.relevant.length),
    set_P: setPrecision,
    set_recall: (ranking) => recallAt(ranking, Infinity),
    set_relative_P: (ranking) => relevantIn(ranking) / Math.max(1, Math.min(ranked(ranking), ranking.relevant.length)),
    set_map: (ranking) => setPrecision(ranking) * recallAt(ranking, Infinity),
    set_F: (ranking) => {
      const [precision, recall] = [setPrecision(ranking), recallAt(ranking, Infinity)];
      return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    },
    num_ret: ({ retrieved }) => retrieved.length,
    num_rel: ({ relevant }) => relevant.length,
    num_rel_ret: relevantIn,
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
  const judged = await readQrels(await goldenText(`${folder}/${qrels}`));
  const run = await readRun(await goldenText(`${folder}/${results}`));
  const rankings = await rankRun(judged, run, { depth });
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
    ['prints the same', { output: 'out.test', compared: 26 }],
    ['prints the same with all measures', { output: 'out.test.a', compared: 82 }],
    ['prints the same per query', { output: 'out.test.aq', compared: 328 }],
    [
      'prints the same for a short run, queries without results counting 0',
      { output: 'out.test.aqc', results: 'results.trunc', compared: 328 },
    ],
    [
      'prints the same for the first 100 documents',
      { output: 'out.test.aqcM', results: 'results.trunc', depth: 100, compared: 328 },
    ],
    [
      'prints the same for grades from a level up',
      { output: 'out.test.aql', qrels: 'qrels.rel_level', level: 2, compared: 328 },
    ],
    ['prints the same for other cut-offs', { output: 'out.test.meas_params', compared: 80 }],
  ])('%s', async (_, { compared, ...run }) => {
    expect(await expectTrecEval(run)).toBe(compared);
  });
});

describeGolden('geometric mean', () => {
  it.each(['out.test', 'out.test.a'])('is gm_map of %s', async (output) => {
    const judged = await readQrels(await goldenText(`${folder}/qrels.test`));
    const rankings = await rankRun(judged, await readRun(await goldenText(`${folder}/results.test`)));
    const precisions = [...rankings.values()].map((ranking) => averagePrecisionAt(ranking, Infinity));
    const [, printed] = /gm_map\s+all\s+([\d.]+)/.exec(await goldenText(`${folder}/${output}`))!;
    expect(geometricMean(precisions).toFixed(4)).toBe(printed);
  });
});

describeGolden('files of ranx', () => {
  const data = 'golden/ranx/test_data';

  async function json(name: string): Promise<ByQuery> {
    const found = await goldenJson<Record<string, Record<string, number>>>(`${data}/${name}`);
    return new Map(Object.entries(found).map(([query, documents]) => [query, new Map(Object.entries(documents))]));
  }

  it('read as the JSON beside them', async () => {
    expect(await readQrels(await goldenText(`${data}/qrels.trec`))).toEqual(await json('qrels.json'));
    expect(await readRun(await goldenText(`${data}/run.trec`))).toEqual(await json('run.json'));
  });

  it('make perfect lists', async () => {
    const rankings = await rankRun(await json('qrels.json'), await json('run.json'));
    expect([...rankings.values()].map((ranking) => ndcgAt(ranking, Infinity))).toEqual([1, 1]);
  });
});

describe('runs', () => {
  it('put the later name first among equal scores, and scores equal in single precision are equal', async () => {
    const qrels = await readQrels('q 0 a 1\nq 0 b 2\nq 0 c 3\n');
    const run = await readRun('q Q0 a 1 0.1 x\nq Q0 b 2 0.1 x\nq Q0 c 3 0.10000000001 x\n');
    expect((await rankRun(qrels, run)).get('q')!.retrieved).toEqual([3, 2, 1]);
  });

  it.each([
    ['a short line', async () => readQrels('q 0 a')],
    ['a grade that is no number', async () => readQrels('q 0 a yes')],
    ['a document twice', async () => readRun('q Q0 a 1 2 x\nq Q0 a 2 1 x')],
  ])('refuse %s, with the line', async (_, read) => {
    await expect(read()).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/line \d/) });
  });
});
