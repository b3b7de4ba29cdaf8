import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Json, parseJson } from '@diptych/core';
import { engineName, type Speed, type SpeedTable } from './speed-table.ts';

const file = fileURLToPath(new URL('../../../docs/encoder-speeds.json', import.meta.url));

/** Where the document is that shows the same numbers as tables. */
export const performancePath = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));

/** As `bench:encoders --record` and `bench:chromium --record` wrote them. */
export function speedTables(): readonly SpeedTable[] {
  return parseJson(readFileSync(file, 'utf8'), file) as Json & readonly SpeedTable[];
}

/** @param text Of `docs/performance.md`: each table of its first section becomes that of the run in the place which the lines before it name. */
export function withSpeeds(text: string): string {
  const at = text.indexOf('\n## ');
  const tables = /^((?:[^|\n][^\n]*\n)+\n)(?:\|[^\n]*\n)+/gm;
  return (
    text.slice(0, at).replaceAll(tables, (_, before: string) => before + markdownOf(runOf(before))) + text.slice(at)
  );
}

function runOf(before: string): SpeedTable {
  const run = speedTables().find(({ place }) => before.includes(place));
  if (!run) throw new Error(`${performancePath}: expected the place of a run in '${before}'`);
  return run;
}

/** Cells are ratios, and quartiles in brackets. */
function markdownOf({ rows }: SpeedTable): string {
  const engines = Object.keys(Object.values(rows)[0]!).filter((name) => name !== 'onnxruntime-web');
  const lines = Object.entries(rows).map(([name, speeds]) => [name, ...engines.map((engine) => cell(speeds[engine]!))]);
  const head = ['', ...engines.map((engine) => engineName(engine).replace('diptych ', ''))];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function cell({ ratio, low, high }: Speed): string {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}
