import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { progressLine } from '../src/progress-line.ts';
import { terminalProgress } from '../src/progress.ts';

/** What a terminal of one line shows after all that was written, behind the lines that scrolled away. */
function screen(written: string): readonly string[] {
  return written.split('\n').map((line) => line.split('\r\u001B[K').at(-1)!);
}

function terminal() {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const progress = terminalProgress({ stdout: stream, stderr: stream });
  return { stream, progress, shown: () => screen(String(stream.read() ?? '')) };
}

it('keeps notes and output clear of the bar', () => {
  const { stream, progress, shown } = terminal();
  const bar = progress.start('embedding', { total: 4 });
  progress.note('a note');
  progress.makeWay();
  stream.write('a row\n');
  bar.update(2);
  progress.note('another note');
  bar.stop();
  stream.write('the end');
  expect(shown()).toEqual(['a note', 'a row', 'another note', 'the end']);
});

it('draws the bar again after output, however soon', () => {
  const { stream, progress, shown } = terminal();
  const bar = progress.start('embedding', { total: 4 });
  progress.makeWay();
  stream.write('a row\n');
  bar.update(2);
  expect(shown()).toEqual(['a row', 'embedding  [============------------]  2 of 4']);
});

it('shows one bar at a time, the one that moved last', () => {
  const { progress, shown } = terminal();
  const loading = progress.start('loading');
  const download = progress.start('downloading', { total: 2000, unit: 'bytes' });
  expect(shown().at(-1)).toMatch(/^downloading .* 0 B of 2\.0 kB$/);
  loading.update(1, 3);
  download.stop();
  expect(shown().at(-1)).toMatch(/^loading .* 1 of 3$/);
});

it('cuts what is longer than a line', () => {
  const { progress, shown } = terminal();
  progress.start('x'.repeat(100), { total: 1 });
  expect(shown()[0]).toHaveLength(59);
});

it.each([
  [{ done: 0 }, 'task'],
  [{ done: 1234 }, 'task  1,234'],
  [{ done: 1, total: 0 }, 'task  [========================]  1 of 0'],
  [{ done: 605_157_884, total: 1e12, unit: 'bytes' as const }, 'task  [------------------------]  605.2 MB of 1.0 TB'],
  [{ done: 3, total: 4, msLeft: 1 }, 'task  [==================------]  3 of 4  1 s left'],
  [{ done: 3, total: 4, msLeft: 100_000 }, 'task  [==================------]  3 of 4  2 min left'],
  [{ done: 4, total: 4, msLeft: 0 }, 'task  [========================]  4 of 4'],
])('writes %j', (reached, line) => {
  expect(progressLine('task', reached)).toBe(line);
});
