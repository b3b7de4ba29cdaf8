import { markdownTable } from '@diptych/evaluation/report';
import type { RunResult } from './results.ts';
import { compare, deviation, estimate, type Measure, measures, seedMeans } from './statistics.ts';

/** All runs of one method, by seed. */
export type Runs = Readonly<Record<string, readonly RunResult[]>>;

/** Recalls in percent and their sum: mean over seeds, interval over photos, spread over seeds. */
export async function recallTable(runs: Runs): Promise<string> {
  const rows: string[][] = [];
  for (const [method, ones] of Object.entries(runs)) {
    const cells: string[] = [];
    for (const measure of Object.values(measures)) cells.push(await cell(ones, measure));
    rows.push([method, String(ones.length), ...cells]);
  }
  return markdownTable(['method', 'runs', ...Object.keys(measures)], rows);
}

async function cell(runs: readonly RunResult[], measure: Measure): Promise<string> {
  const { value, low, high, seeds } = await estimate(runs, measure);
  const spread = seeds.length > 1 ? ` ± ${deviation(seeds).toFixed(1)}` : '';
  return `${value.toFixed(1)}${spread} (${low.toFixed(1)}–${high.toFixed(1)})`;
}

/** What one method is compared with another by. */
export interface Comparison {
  readonly better: string;
  readonly worse: string;
  readonly measure: string;
}

/** Differences on the same photos, and how often chance alone gives one as large. */
export async function comparisonTable(runs: Runs, comparisons: readonly Comparison[]): Promise<string> {
  const rows: string[][] = [];
  for (const { better, worse, measure } of comparisons) {
    const [a, b] = [runs[better]!, runs[worse]!];
    const { difference, low, high, p } = await compare(a, b, measures[measure]!);
    const interval = `${difference.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    rows.push([`${better} − ${worse}`, measure, interval, p.toPrecision(2), pairsWon(a, b, measures[measure]!)]);
  }
  return markdownTable(['difference', 'of', 'mean (95 % interval)', 'p', 'seeds'], rows);
}

/** Of how many seeds the first is better than the second; a method without a seed is compared with each. */
function pairsWon(a: readonly RunResult[], b: readonly RunResult[], measure: Measure): string {
  const [ours, theirs] = [a, b].map((runs) => seedMeans(runs, measure));
  const won = ours!.filter((value, i) => value > (theirs![i] ?? theirs![0]!)).length;
  return `${won} of ${ours!.length}`;
}

/** Every trained run by itself, on the validation part and on the test part. */
export function seedTable(runs: Runs): string {
  const rows = Object.values(runs)
    .flat()
    .flatMap((run) => {
      if (!run.training) return [];
      const best = run.training.epochs
        .map(({ metrics }) => metrics)
        .reduce((a, b) => (b['rsum']! > a['rsum']! ? b : a));
      const [text, image] = ['text', 'image'].map((from) => 100 * best[`${from}_retrieval_recall@1`]!);
      const test = ['i→t R@1', 't→i R@1', 'rsum'].map((name) => seedMeans([run], measures[name]!)[0]!);
      const values = [text!, image!, best['rsum']!, ...test];
      return [[run.method, String(run.seed), ...values.map((value) => value.toFixed(1))]];
    });
  const both = ['validation', 'test'].flatMap((part) =>
    ['i→t R@1', 't→i R@1', 'rsum'].map((name) => `${part} ${name}`),
  );
  return markdownTable(['method', 'seed', ...both], rows);
}

/** Seconds of the processor for one run and for one epoch of it, and the most memory. */
export function costTable(runs: Runs): string {
  const rows = Object.entries(runs).map(([method, ones]) => {
    const seconds = mean(ones.map((run) => run.seconds.processor));
    const clock = mean(ones.map((run) => run.seconds.clock));
    const memory = Math.max(...ones.map((run) => run.memory)) / 2 ** 20;
    return [method, seconds.toFixed(0), clock.toFixed(0), `${memory.toFixed(0)} MiB`, epochsKept(ones) || '–'];
  });
  return markdownTable(['method', 'processor s', 'clock s', 'most memory', 'epoch kept, by seed'], rows);
}

/** Of each seed, the epoch whose weights were kept: the first with the highest rsum. */
function epochsKept(runs: readonly RunResult[]): string {
  const scores = runs.flatMap(({ training }) =>
    training ? [training.epochs.map(({ metrics }) => metrics['rsum']!)] : [],
  );
  return scores.map((rsums) => 1 + rsums.indexOf(Math.max(...rsums))).join(', ');
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
