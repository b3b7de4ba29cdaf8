import { describe, expect, it } from 'vitest';
import { captionRetrieval, cosineScores, hubness } from '../src/index.ts';
import { evaluateSpace, reportMarkdown, reportPlots } from '../src/report.ts';
import { randomRows } from './rows.ts';

/** Captions near their image, and all captions some way off. */
function space(n: number, each: number) {
  const images = randomRows(n, 8, 1);
  const noise = randomRows(n * each, 8, 2);
  const near = (i: number) => images.data[8 * Math.floor(i / 8 / each) + (i % 8)]! + 0.7 * noise.data[i]!;
  const data = Float32Array.from(noise.data, (_, i) => near(i) + (i % 8 === 0 ? 1 : 0));
  return { images, captions: { ...images, data, shape: [n * each, 8] as const } };
}

describe('report', async () => {
  const { images, captions } = space(40, 3);
  const report = await evaluateSpace(images, captions, { folds: 4 });

  it('has the metrics of the protocol, with intervals around them', async () => {
    expect(report.metrics).toEqual(await captionRetrieval(cosineScores(images, captions), { folds: 4 }));
    const whole = await captionRetrieval(cosineScores(images, captions));
    for (const [name, { value, low, high }] of Object.entries(report.intervals)) {
      expect(value).toBe(whole[name]);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(report.curves.image_retrieval[4]).toBe(whole['image_retrieval_recall@5']);
    expect(report.curves.text_retrieval[9]).toBe(whole['text_retrieval_recall@10']);
  });

  it('looks at the first caption of each sampled image', async () => {
    const imageOf = Array.from({ length: 120 }, (_, j) => Math.floor(j / 3));
    const { sample, occurrence } = await evaluateSpace(images, captions, { imageOf, sample: 20 });
    const every = (data: Float32Array, step: number) =>
      Float32Array.from({ length: 160 }, (_, i) => data[step * 8 * Math.floor(i / 8) + (i % 8)]!);
    const shape = [20, 8] as const;
    const scores = cosineScores({ data: every(captions.data, 6), shape }, { data: every(images.data, 2), shape });
    expect(sample).toBe(20);
    expect(occurrence).toEqual([...(await hubness(scores, 10)).occurrence]);
  });

  it('sees the gap between modalities, and pairs above the rest', () => {
    expect(report.diagnostics['modality_gap']).toBeGreaterThan(0.4);
    const { low, step, shares } = report.similarities;
    const centre = (values: readonly number[]) => values.reduce((sum, share, i) => sum + share * (low + i * step), 0);
    expect(centre(shares['pairs']!)).toBeGreaterThan(centre(shares['others']!) + 0.3);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('is the same Markdown and the same plots each time', async () => {
    const again = await evaluateSpace(images, captions, { folds: 4 });
    expect(reportMarkdown(again)).toBe(reportMarkdown(report));
    expect(reportPlots(again)).toEqual(reportPlots(report));
  });

  it('links every plot and shows every number', () => {
    const markdown = reportMarkdown(report, 'plots');
    for (const name of Object.keys(reportPlots(report))) expect(markdown).toContain(`](plots/${name}.svg)`);
    for (const name of Object.keys({ ...report.metrics, ...report.diagnostics }))
      expect(markdown).toContain(`| ${name} |`);
    expect(markdown).toContain('mean of 4 folds');
  });

  it('plots have no number that cannot be drawn', () => {
    for (const svg of Object.values(reportPlots(report))) {
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/);
    }
  });

  it('maps distances alike in both directions', () => {
    const { map } = reportPlots({
      ...report,
      map: {
        images: [
          [0, 0],
          [3, 0],
        ],
        captions: [[0, 1]],
      },
    });
    const [corner, right, up] = [...map!.matchAll(/M([\d.]+) ([\d.]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(right![0]! - corner![0]!).toBeCloseTo(3 * (corner![1]! - up![1]!), 0);
    expect([right![1], up![0]]).toEqual([corner![1], corner![0]]);
  });

  it('draws recall up to 1, and bars around what they count', () => {
    const { recall, hubness: bars } = reportPlots(report);
    expect(recall).toMatch(/>0<\/text>[^]*>1<\/text>/);
    const [, left, width] = /d="M([\d.]+) [\d.]+V[\d.]+H([\d.]+)V/.exec(bars!)!.map(Number);
    const zero = Number(/x="([\d.]+)"[^>]*>0<\/text>/.exec(bars!)![1]);
    expect((left! + width!) / 2).toBeCloseTo(zero, 0);
  });

  it('takes another map', async () => {
    const { map } = await evaluateSpace(images, captions, {
      map: ({ shape: [n] }) => ({ data: new Float64Array(2 * n), shape: [n, 2] }),
    });
    expect(map.captions[39]).toEqual([0, 0]);
  });

  it('lets a signal end it between two parts', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort('enough'));
    const large = space(200, 5);
    await expect(evaluateSpace(large.images, large.captions, controller)).rejects.toBe('enough');
  });

  it('lets a signal end it between two blocks of scores', async () => {
    const controller = new AbortController();
    let blocks = 0;
    const scores = (...rows: Parameters<typeof cosineScores>) => {
      const all = cosineScores(...rows);
      const block: typeof all.block = (queries, documents) => {
        if (queries[1] - queries[0] > 1 && blocks++ === 0) setTimeout(() => controller.abort('enough'));
        for (const end = performance.now() + (blocks > 0 ? 5 : 0); performance.now() < end;);
        return all.block(queries, documents);
      };
      return { ...all, block };
    };
    const large = space(2000, 1);
    const run = evaluateSpace(large.images, large.captions, { scores, signal: controller.signal });
    await expect(run).rejects.toBe('enough');
    expect(blocks).toBeLessThan(10);
  });

  it('refuses captions of another model', async () => {
    const run = () => evaluateSpace(images, { ...captions, model: 'other' });
    await expect(run()).rejects.toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
