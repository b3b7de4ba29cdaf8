import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `docs/performance.md` is. */
const performance = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));

/** How many times as fast as onnxruntime-web in float32 an engine is, of one tower and batch. */
export interface Speed {
  /** As `float32` of ours, `onnxruntime-web int8`. */
  readonly engine: string;
  readonly ratio: number;
  /** Of the rounds. */
  readonly quartiles?: readonly [low: number, high: number];
}

export interface SpeedTable {
  /** As `Node 24`. */
  readonly place: string;
  /** By `image b1`, `text b8`. */
  readonly rows: Readonly<Record<string, readonly Speed[]>>;
}

/** The tables of encoders in `docs/performance.md`, which the benchmark's numbers were written into. */
export function speedTables(): SpeedTable[] {
  const text = readFileSync(performance, 'utf8').split(/^## /m)[0]!;
  const tables = [...text.matchAll(/^([^|\n][^\n]*\n)+\n((?:\|[^\n]*\n)+)/gm)];
  return tables.map((match) => {
    const before = match[0].slice(0, match[0].indexOf('\n|'));
    const place = /Without relaxed SIMD, (Node \d+)|(Node \d+|Chromium \d+)/.exec(before);
    if (!place) throw new Error(`${performance}: expected a place before each table`);
    return { place: place[1] ? `${place[1]}, no relaxed SIMD` : place[2]!, rows: rowsOf(match[2]!) };
  });
}

function rowsOf(table: string): Record<string, readonly Speed[]> {
  const [head = [], , ...rows] = table.trim().split('\n').map(cells);
  return Object.fromEntries(
    rows.map(([name = '', ...values]) => [name, values.map((value, i) => speedOf(head[i + 1]!, value))]),
  );
}

function speedOf(engine: string, cell: string): Speed {
  const [ratio = NaN, low, high] = (cell.match(/[\d.]+/g) ?? []).map(Number);
  return { engine, ratio, ...(low !== undefined && high !== undefined && { quartiles: [low, high] }) };
}

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
