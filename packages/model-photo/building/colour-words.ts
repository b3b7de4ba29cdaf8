import { recipe } from './recipe.ts';
import { centred, dot } from './vectors.ts';

/** Red, green and blue, from 0 to 255. */
const shades = {
  black: [15, 15, 15],
  white: [245, 245, 245],
  gray: [128, 128, 128],
  red: [200, 30, 35],
  orange: [240, 130, 30],
  yellow: [240, 220, 50],
  green: [60, 130, 50],
  blue: [50, 110, 200],
  pink: [235, 130, 170],
  purple: [120, 50, 140],
  brown: [110, 70, 40],
  tan: [205, 175, 135],
} as const;

type Colour = keyof typeof shades;

const names = Object.keys(shades) as Colour[];

/** Words of things that have a colour wherever they are seen, by the area in which they are: above, below, in the middle. */
const told: readonly Readonly<Partial<Record<Colour, string>>>[] = [
  { blue: 'sky', black: 'night dark', green: 'tree forest', orange: 'sunset' },
  {
    green: 'grass grassy field lawn yard park',
    blue: 'water ocean sea pool lake wave surf',
    white: 'snow snowy ice winter ski snowboard',
    tan: 'sand sandy beach desert',
    brown: 'dirt mud',
    gray: 'street road',
  },
  {
    ...Object.fromEntries(names.map((name) => [name, name])),
    gray: 'gray grey',
    tan: 'tan blonde golden',
    brown: 'brown wood wooden',
  },
];

/** What a word says of the colours of each area, `[areas * colours]`, zero for most words; of each area less the mean. */
export function colourRow(word: string): Float64Array {
  const rows = told.map((words) =>
    centred(Float64Array.from(names, (name) => Number(words[name]?.split(' ').includes(word) ?? false))),
  );
  return Float64Array.from(rows.flatMap((row) => [...row]));
}

/** Lightness, which counts less, since the light changes it; red against blue; green against both. */
const axes = [
  [0.35, 0.35, 0.35],
  [1, 0, -1],
  [-0.5, 1, -0.5],
].map((axis) => Float64Array.from(axis));

/** From pixels, -1 to 1, to logits of colours: the squared distance along the axes to each shade, less what all have in common. */
export const palette = paletteOf();

function paletteOf(): { readonly weight: Float32Array; readonly bias: Float32Array } {
  const shade = names.map((name) => Float64Array.from(shades[name], (value) => value / 127.5 - 1));
  const places = shade.map((colour) => axes.map((axis) => dot(axis, colour)));
  // |Ax - p|² = |Ax|² - 2 x·Aᵀp + |p|²; pixels are twice what softness is measured in.
  const scale = 1 / (4 * recipe.colourSoftness);
  const weight = [0, 1, 2].flatMap((channel) =>
    places.map((place) => 2 * scale * axes.reduce((sum, axis, i) => sum + axis[channel]! * place[i]!, 0)),
  );
  const bias = places.map((place) => -scale * place.reduce((sum, value) => sum + value * value, 0));
  return { weight: Float32Array.from(weight), bias: Float32Array.from(bias) };
}
