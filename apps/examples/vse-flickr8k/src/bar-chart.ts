/** One bar with the interval around its end. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Values that the bar is the mean of. */
  readonly dots: readonly number[];
}

const [left, right] = [190, 600];
const [top, step, thickness] = [48, 40, 18];

/** Horizontal bars from 0 as SVG, each with its interval and its dots; the same bytes for the same numbers. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ high, dots }) => Math.max(high, ...dots)));
  const x = (value: number) => round(left + (value / most) * (right - left));
  const bottom = top + step * bars.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 ${bottom + 34}" font-family="sans-serif" font-size="12">`,
    `<rect width="680" height="${bottom + 34}" fill="#fff"/>`,
    `<text x="16" y="26" font-size="15">${title}</text>`,
    ...ticks(most).flatMap((tick) => [
      `<path d="M${x(tick)} ${top}V${bottom}" stroke="#ddd"/>`,
      `<text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${tick}</text>`,
    ]),
    ...bars.flatMap((bar, i) => drawn(bar, top + step * i + step / 2, x)),
    '</svg>\n',
  ].join('\n');
}

function drawn({ name, value, low, high, dots }: Bar, y: number, x: (value: number) => number): string[] {
  return [
    `<text x="${left - 10}" y="${y + 4}" text-anchor="end">${name}</text>`,
    `<rect x="${left}" y="${y - thickness / 2}" width="${round(x(value) - left)}" height="${thickness}" fill="#0072b2" opacity="0.6"/>`,
    `<path d="M${x(low)} ${y}H${x(high)}M${x(low)} ${y - 5}v10M${x(high)} ${y - 5}v10" stroke="#222" fill="none"/>`,
    ...dots.map((dot) => `<circle cx="${x(dot)}" cy="${y}" r="2.5" fill="#d55e00"/>`),
    `<text x="${x(Math.max(high, ...dots)) + 8}" y="${y + 4}">${value.toFixed(1)}</text>`,
  ];
}

/** About six, at 1, 2 or 5 times a power of ten. */
function ticks(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / 5));
  const size = [1, 2, 5, 10].map((times) => times * power).find((width) => most / width <= 6)!;
  return Array.from({ length: Math.floor(most / size) + 1 }, (_, i) => i * size);
}

/** Tenths of a pixel. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
