import { expect, it } from 'vitest';
import { type Plot, svg } from '../src/report.ts';

const names = ['one', 'two', 'three', 'four', 'five', 'six'];
const series = names.map((name, i) => ({
  name,
  points: [
    [0, 250 + i],
    [1, 260 + i],
  ] as const,
}));
const plot: Plot = { title: 'Six', x: 'epoch', y: 'rsum', mark: 'line', series };

it('tells six lines apart, their names above them', () => {
  const drawing = svg(plot);
  const strokes = [...drawing.matchAll(/fill="none" stroke="(#\w+)"/g)].map(([, colour]) => colour);
  expect(new Set(strokes).size).toBe(6);
  const legend = names.map((name) => Number(new RegExp(`y="(\\S+)"[^>]*>${name}<`).exec(drawing)![1]));
  const highest = Math.min(...[...drawing.matchAll(/M64 (\S+)L/g)].map(([, y]) => Number(y)));
  expect(Math.max(...legend)).toBeLessThan(highest);
});

it('begins at 0, or at the lowest value when asked to', () => {
  expect(svg(plot)).toContain('>0<');
  expect(svg({ ...plot, fromLowest: true })).not.toContain('>100<');
  expect(svg({ ...plot, fromLowest: true })).toContain('>255<');
});
