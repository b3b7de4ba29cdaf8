/** What the samples show: a name in Fluent Emoji Flat, and the colours behind it, from the top to the bottom. */
export interface Picture {
  readonly name: string;
  readonly art: string;
  readonly behind: readonly [top: string, bottom: string];
  /** Side in pixels. Default 480. */
  readonly side?: number;
}

const meadow = ['#cfe8fb', '#b9d99a'] as const;
const table = ['#fdf3e4', '#e9cfa8'] as const;
const road = ['#dfe9f2', '#a9b1ba'] as const;
const sea = ['#d5eefa', '#6fb7d9'] as const;
const snow = ['#dbe8f4', '#f7fafd'] as const;

/** 22 things that photo models know, and two copies, as collections have them. */
export const pictures: readonly Picture[] = [
  { name: 'elephant', art: 'elephant', behind: meadow },
  { name: 'polar bear', art: 'polar-bear', behind: ['#a9c9e8', '#dfeaf4'] },
  { name: 'zebra', art: 'zebra', behind: meadow },
  { name: 'tiger', art: 'tiger', behind: ['#d9ead0', '#8fb573'] },
  { name: 'flamingo', art: 'flamingo', behind: sea },
  { name: 'tropical fish', art: 'tropical-fish', behind: ['#8fd0e8', '#2f86b5'] },
  { name: 'butterfly', art: 'butterfly', behind: meadow },
  { name: 'ladybird', art: 'lady-beetle', behind: ['#d8efc4', '#98c472'] },
  { name: 'elephant, small', art: 'elephant', behind: meadow, side: 240 },
  { name: 'pizza', art: 'pizza', behind: table },
  { name: 'strawberry', art: 'strawberry', behind: table },
  { name: 'banana', art: 'banana', behind: ['#e8f0f7', '#c9d6e2'] },
  { name: 'pineapple', art: 'pineapple', behind: table },
  { name: 'ice cream', art: 'ice-cream', behind: ['#fce4ec', '#f3bccd'] },
  { name: 'mushroom', art: 'mushroom', behind: ['#d9ead0', '#a58b6a'] },
  { name: 'broccoli', art: 'broccoli', behind: table },
  { name: 'pizza, copy', art: 'pizza', behind: table, side: 360 },
  { name: 'steam locomotive', art: 'locomotive', behind: road },
  { name: 'fire engine', art: 'fire-engine', behind: road },
  { name: 'ambulance', art: 'ambulance', behind: road },
  { name: 'sailing boat', art: 'sailboat', behind: sea },
  { name: 'bicycle', art: 'bicycle', behind: road },
  { name: 'castle', art: 'castle', behind: meadow },
  { name: 'snowy mountain', art: 'snow-capped-mountain', behind: snow },
];

export const credit = 'Fluent Emoji Flat, © Microsoft Corporation, MIT licence';
