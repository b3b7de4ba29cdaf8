// Drawings of the concepts, in a box of 640 by 240. Texts are of class `t`, pictures `i`; lines `l`, faint ones `f`.

const dot = (kind: string, x: number, y: number, r = 6) => `<circle class="${kind}" cx="${x}" cy="${y}" r="${r}"/>`;
const words = (x: number, y: number, text: string, anchor = 'middle') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
const line = (kind: string, x1: number, y1: number, x2: number, y2: number) =>
  `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
const box = (kind: string, x: number, y: number, w: number, h: number) =>
  `<rect class="${kind}" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`;
const arrow = (x1: number, y: number, x2: number) => `<path class="l" d="M${x1} ${y}H${x2}m-7 -5 7 5-7 5"/>`;

const oneSpace = [
  '<circle class="f" cx="320" cy="122" r="108"/>',
  '<ellipse class="f" cx="320" cy="122" rx="108" ry="34"/>',
  line('tl', 320, 122, 253, 50),
  line('il', 320, 122, 236, 68),
  line('tl', 320, 122, 414, 84),
  line('il', 320, 122, 402, 58),
  dot('t', 253, 50),
  dot('i', 236, 68),
  dot('t', 414, 84),
  dot('i', 402, 58),
  words(232, 42, '“a dog”', 'end'),
  words(218, 74, 'photo of a dog', 'end'),
  words(428, 92, '“pizza”', 'start'),
  words(416, 54, 'photo of a pizza', 'start'),
].join('');

const towers = [
  ...(['t', 'i'] as const).flatMap((kind, row) => {
    const y = 30 + row * 110;
    const steps = kind === 't' ? ['tokens', 'transformer', 'projection'] : ['pixels', 'ViT or CNN', 'projection'];
    return [
      words(70, y + 40, kind === 't' ? '“a dog”' : 'dog.jpg'),
      ...steps.flatMap((step, i) => [
        arrow(112 + i * 140, y + 35, 132 + i * 140),
        box(`${kind}l`, 136 + i * 140, y + 10, 112, 50),
        words(192 + i * 140, y + 40, step),
      ]),
      line(`${kind}l`, 528, y + 35, 566, 120),
    ];
  }),
  '<circle class="f" cx="590" cy="120" r="40"/>',
  dot('t', 576, 112),
  dot('i', 588, 126),
  words(590, 182, 'one space'),
].join('');

const spread: readonly (readonly [number, number])[] = [
  [0, 0],
  [26, -20],
  [-24, 18],
  [30, 22],
  [-30, -20],
  [4, 40],
  [-4, -40],
];
const modalityGap = [
  '<ellipse class="f" cx="190" cy="118" rx="92" ry="82"/>',
  '<ellipse class="f" cx="452" cy="118" rx="92" ry="82"/>',
  ...spread.map(([x, y]) => dot('t', 190 + x * 1.6, 118 + y * 1.3)),
  ...spread.map(([x, y]) => dot('i', 452 + x * 1.6, 118 + y * 1.3)),
  `<path class="l" stroke-dasharray="4 5" d="M238 147H500"/>`,
  words(320, 138, 'a pair: 0.27'),
  words(190, 226, 'texts, 0.5 to 0.9 among each other'),
  words(474, 226, 'pictures, 0.4 to 0.9'),
].join('');

const jointOrCoordinated = [
  words(150, 24, 'coordinated'),
  box('tl', 40, 44, 90, 46),
  words(85, 72, 'text'),
  box('il', 40, 142, 90, 46),
  words(85, 170, 'picture'),
  arrow(136, 67, 190),
  arrow(136, 165, 190),
  dot('t', 206, 67, 8),
  dot('i', 206, 165, 8),
  `<path class="l" stroke-dasharray="4 5" d="M206 82V150"/>`,
  words(220, 121, 'compared', 'start'),
  line('f', 320, 20, 320, 210),
  words(490, 24, 'joint'),
  box('tl', 350, 44, 90, 46),
  words(395, 72, 'text'),
  box('il', 350, 142, 90, 46),
  words(395, 170, 'picture'),
  '<path class="l" d="M446 67L492 104M446 165L492 128"/>',
  box('l', 494, 92, 76, 48),
  words(532, 121, 'fusion'),
  arrow(574, 116, 600),
  dot('t', 614, 112, 8),
  dot('i', 618, 120, 8),
].join('');

const rows = (x: number, kind: (i: number) => string) =>
  Array.from(
    { length: 9 },
    (_, i) =>
      `<rect class="${kind(i)}" x="${x}" y="${30 + i * 19}" width="110" height="12" rx="3" stroke="currentColor" stroke-opacity=".35"/>`,
  ).join('');
const search = [
  rows(50, () => 't'),
  words(105, 226, 'exact'),
  rows(265, (i) => (i % 4 === 1 ? 't' : 'half')),
  words(320, 226, 'few bits, then exact'),
  rows(480, (i) => (i % 3 === 1 ? 'half' : 'none')),
  words(535, 226, 'a graph'),
  '<style>.half{fill:var(--d-left);fill-opacity:.28}.none{fill:none}</style>',
].join('');

export const figures = {
  'one-space': oneSpace,
  towers,
  'modality-gap': modalityGap,
  'joint-or-coordinated': jointOrCoordinated,
  search,
};
