/** A series of points. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What is drawn; both axes are linear. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Lines, dots, or bars as wide as the distance of the points. */
  readonly mark: 'line' | 'dot' | 'bar';
  readonly series: readonly Series[];
}

const [width, height] = [640, 400];
const frame = { left: 64, right: 624, top: 52, bottom: 348 };
/** Blue and vermilion of Okabe & Ito, told apart by all readers. */
const colours = ['#0072b2', '#d55e00'];

/** A plot as SVG, the same bytes for the same numbers. */
export function svg(plot: Plot): string {
  const points = plot.series.flatMap((series) => series.points);
  const across = scale(
    points.map(([x]) => x),
    [frame.left, frame.right],
    plot.mark === 'bar' ? barWidth(plot) : 0,
  );
  const up = scale([...points.map(([, y]) => y), ...(plot.mark === 'dot' ? [] : [0])], [frame.bottom, frame.top], 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(frame.left, 22, plot.title, 'font-size="15"'),
    ...across.ticks.map((tick) => text(across.at(tick), frame.bottom + 18, label(tick), middle)),
    ...up.ticks.flatMap((tick) => [
      `<path d="M${frame.left} ${round(up.at(tick))}H${frame.right}" stroke="#ddd"/>`,
      text(frame.left - 8, up.at(tick) + 4, label(tick), 'text-anchor="end"'),
    ]),
    text((frame.left + frame.right) / 2, height - 14, plot.x, middle),
    text(0, 0, plot.y, `${middle} transform="translate(16 ${(frame.top + frame.bottom) / 2}) rotate(-90)"`),
    ...plot.series.map((series, i) => marks[plot.mark](series, { across, up, colour: colours[i % 2]!, plot })),
    ...plot.series.map(({ name }, i) =>
      text(frame.right, 22 + 16 * i, name, `text-anchor="end" fill="${colours[i % 2]}"`),
    ),
    '</svg>\n',
  ].join('\n');
}

const middle = 'text-anchor="middle"';

interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

interface Canvas {
  readonly across: Scale;
  readonly up: Scale;
  readonly colour: string;
  readonly plot: Plot;
}

const marks: Readonly<Record<Plot['mark'], (series: Series, canvas: Canvas) => string>> = {
  line({ points }, { across, up, colour }) {
    const path = points.map(([x, y]) => `${round(across.at(x))} ${round(up.at(y))}`).join('L');
    return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  },
  dot({ points }, { across, up, colour }) {
    const dots = points.map(([x, y]) => `M${round(across.at(x))} ${round(up.at(y))}h0`).join('');
    return `<path d="${dots}" stroke="${colour}" stroke-width="4" stroke-linecap="round" opacity="0.6"/>`;
  },
  bar({ points }, { across, up, colour, plot }) {
    const wide = barWidth(plot);
    const bars = points.map(([x, y]) => {
      return `M${round(across.at(x))} ${round(up.at(0))}V${round(up.at(y))}H${round(across.at(x + wide))}V${round(up.at(0))}z`;
    });
    return `<path d="${bars.join('')}" fill="${colour}" opacity="0.6"/>`;
  },
};

function barWidth({ series }: Plot): number {
  const [first, second] = series[0]?.points ?? [];
  return first && second ? second[0] - first[0] : 1;
}

/** Values to pixels, with about five ticks at 1, 2 or 5 times a power of ten. */
function scale(values: readonly number[], [from, to]: readonly [number, number], beyond: number): Scale {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high =
    Math.max(
      low + 1e-9,
      values.reduce((most, value) => Math.max(most, value), -Infinity),
    ) + beyond;
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return {
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    ticks: Array.from({ length: count }, (_, i) => (first + i) * step),
  };
}

function text(x: number, y: number, content: string, attributes: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`;
}

/** Tenths of a pixel: neither the eye nor another machine's rounding sees less. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function label(tick: number): string {
  return String(Number(tick.toPrecision(6)));
}
