import { engineName, type SpeedTable } from './speed-table.ts';

/** Colours of a chart. */
export interface ChartColours {
  readonly ours: string;
  readonly theirs: string;
  readonly text: string;
}

/** Those of the page that it is in. */
const ofThePage: ChartColours = { ours: 'var(--d-left)', theirs: 'var(--vp-c-border)', text: 'currentColor' };

const font = 'ui-sans-serif, system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';
const [left, right, step] = [206, 64, 34];

/** Of the longest bar. */
const wide = 370;

/**
 * Bars of a row of a table, the longest first, and a text that says the same. Lines are quartiles.
 *
 * @param width Of the longest bar. With less of it letters are larger, on a phone.
 */
export function speedSvg(
  tables: readonly SpeedTable[],
  { place, row, width = wide }: { readonly place: string; readonly row: string; readonly width?: number },
  colours = ofThePage,
) {
  const speeds = tables.find((one) => one.place.startsWith(place))?.rows[row];
  if (!speeds) throw new Error(`docs/encoder-speeds.json: expected a run in ${place} with a row ${row}`);
  const bars = Object.entries(speeds).map(([engine, speed]) => ({
    ...speed,
    name: engineName(engine),
    ours: engine.startsWith('diptych'),
  }));
  const most = Math.max(...bars.map(({ ratio }) => ratio));
  const drawn = bars
    .toSorted((a, b) => b.ratio - a.ratio)
    .map(({ name, ratio, ours, low, high }, i) => {
      const [y, at] = [i * step, (value: number) => (left + (value / most) * width).toFixed(1)];
      const bar = `<rect x="${left}" y="${y + 6}" width="${((ratio / most) * width).toFixed(1)}" height="22" rx="3" fill="${ours ? colours.ours : colours.theirs}"/>`;
      const line =
        low < high
          ? `<line x1="${at(low)}" x2="${at(high)}" y1="${y + 17}" y2="${y + 17}" stroke="${colours.text}" stroke-width="1.5"/>`
          : '';
      const texts = `<text x="${left - 10}" y="${y + 22}" text-anchor="end">${name}</text><text x="${Number(at(high)) + 8}" y="${y + 22}">${ratio.toFixed(2)}</text>`;
      return `${bar}${line}${texts}`;
    });
  const label = `Times as fast as onnxruntime-web in float32: ${bars.map(({ name, ratio }) => `${name} ${ratio}`).join(', ')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + right} ${bars.length * step + 4}" role="img" aria-label="${label}"><g font-family="${font}" font-size="15" fill="${colours.text}">${drawn.join('')}</g></svg>`;
  return { svg, label };
}
