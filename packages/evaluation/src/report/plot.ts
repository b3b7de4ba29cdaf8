import { expectMembers } from '@diptych/core';
import { type Domain, domainOf, rounded, type Scale, scale, stepOf, widened } from './scale.ts';

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
  /** Lines, dots at distances that are the same in both directions, or bars as wide as the distance of the points. */
  readonly mark: 'line' | 'dot' | 'bar';
  /** Whether the y axis of lines begins at the lowest value instead of 0; default false. */
  readonly fromLowest?: boolean;
  readonly series: readonly Series[];
}

const width = 640;
/** Of one name above the frame. */
const lineHeight = 16;
/** Blue, vermilion, green, purple, orange and sky blue of Okabe & Ito, told apart by all readers. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** A plot as SVG, the same bytes for the same numbers. */
export function svg(plot: Plot): string {
  expectMembers(plot, 'svg: plot', 'title', 'x', 'y', 'mark', 'series');
  const frame = frameOf(plot);
  const height = frame.bottom + 52;
  const { across, up } = scalesOf(plot, frame);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(frame.left, 22, plot.title, 'font-size="15"'),
    ...across.ticks.flatMap((tick) => [
      ...(plot.mark === 'dot' ? [`<path d="M${round(across.at(tick))} ${frame.top}V${frame.bottom}" ${faint}/>`] : []),
      text(across.at(tick), frame.bottom + 18, label(tick), middle),
    ]),
    ...up.ticks.flatMap((tick) => [
      `<path d="M${frame.left} ${round(up.at(tick))}H${frame.right}" ${faint}/>`,
      text(frame.left - 8, up.at(tick) + 4, label(tick), 'text-anchor="end"'),
    ]),
    text((frame.left + frame.right) / 2, height - 14, plot.x, middle),
    text(0, 0, plot.y, `${middle} transform="translate(16 ${(frame.top + frame.bottom) / 2}) rotate(-90)"`),
    ...plot.series.map((series, i) =>
      marks[plot.mark](series, { across, up, colour: colours[i % colours.length]!, plot }),
    ),
    ...plot.series.map(({ name }, i) =>
      text(frame.right, 22 + lineHeight * i, name, `text-anchor="end" fill="${colours[i % colours.length]}"`),
    ),
    '</svg>\n',
  ].join('\n');
}

const middle = 'text-anchor="middle"';
const faint = 'stroke="#ddd"';

type Frame = Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;

/** Where the points are: below the names of all series. */
function frameOf({ series }: Plot): Frame {
  const top = 20 + lineHeight * Math.max(2, series.length);
  return { left: 64, right: 624, top, bottom: top + 296 };
}

/** Values begin and end at a tick; bars fill the width, and dots are as far apart as their points. */
function scalesOf(plot: Plot, frame: Frame): { across: Scale; up: Scale } {
  const points = plot.series.flatMap((series) => series.points);
  const [xs, ys] = [domainOf(points.map(([x]) => x)), domainOf(points.map(([, y]) => y))];
  const across: readonly [number, number] = [frame.left, frame.right];
  const up: readonly [number, number] = [frame.bottom, frame.top];
  if (plot.mark === 'dot') {
    const unit = 1.05 * Math.max(span(xs) / Math.abs(span(across)), span(ys) / Math.abs(span(up)));
    const step = stepOf(widened(ys, unit * Math.abs(span(up))));
    const square = (domain: Domain, range: Domain) => scale(widened(domain, unit * Math.abs(span(range))), range, step);
    return { across: square(xs, across), up: square(ys, up) };
  }
  const wide: Domain = plot.mark === 'bar' ? [xs[0], xs[1] + barWidth(plot)] : rounded(xs);
  return { across: scale(wide, across), up: scale(rounded(domainOf(plot.fromLowest ? ys : [0, ...ys])), up) };
}

function span([from, to]: Domain): number {
  return to - from;
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

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Tenths of a pixel: neither the eye nor another machine's rounding sees less. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function label(tick: number): string {
  return String(Number(tick.toPrecision(6)));
}
