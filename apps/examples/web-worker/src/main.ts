import { createEmbedder } from 'diptych/worker';
import all from 'virtual:pictures';

/** Side at which a picture is drawn for the model, in pixels. */
const side = 96;
const batchSize = 8;

const [input, status, progress, list] = ['input', '[role=status]', 'progress', 'ul'].map((name) =>
  document.querySelector(name),
) as [HTMLInputElement, HTMLElement, HTMLProgressElement, HTMLUListElement];

const tiles = all.map(({ name, svg }, i) => {
  const [tile, button, image] = ['li', 'button', 'img'].map((tag) => document.createElement(tag)) as [
    HTMLLIElement,
    HTMLButtonElement,
    HTMLImageElement,
  ];
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  image.alt = '';
  button.append(image, name);
  button.title = `More like ${name}`;
  button.addEventListener('click', () => {
    input.value = '';
    show(i < rows.length ? rows[i]! : undefined, `more like ${name}`);
  });
  tile.append(button);
  return { tile, image, name };
});
list.replaceChildren(...tiles.map(({ tile }) => tile));

/** Of the pictures that are embedded so far, in their order. */
const rows: Float32Array[] = [];
let sought: { readonly row: Float32Array | undefined; readonly what: string } = { row: undefined, what: '' };
let searching = new AbortController();

status.textContent = 'Starting the model in a worker …';
const embedder = await createEmbedder({
  model: 'emoji',
  worker: new Worker(new URL('./embedder.ts', import.meta.url), { type: 'module' }),
});
input.addEventListener('input', () => void search(input.value));
input.form!.addEventListener('submit', (event) => event.preventDefault());
if (input.value) void search(input.value);
for await (const block of embedder.stream('image', drawn(), { batchSize })) {
  const [n, dim] = block.shape;
  for (let i = 0; i < n; i++) rows.push(block.data.subarray(i * dim, (i + 1) * dim));
  progress.value = rows.length / all.length;
  show(sought.row, sought.what);
}

/** Pixels of one picture after the other, as the worker asks for them. */
async function* drawn(): AsyncGenerator<ImageData> {
  const canvas = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  for (const { image } of tiles) {
    await image.decode();
    canvas.clearRect(0, 0, side, side);
    canvas.drawImage(image, 0, 0, side, side);
    yield canvas.getImageData(0, 0, side, side);
  }
}

/** While pictures are being embedded, too; what is typed next replaces it. */
async function search(words: string): Promise<void> {
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  if (words.trim() === '') return show(undefined, '');
  try {
    show((await embedder.embed('text', words, { signal })).data, words);
  } catch (error) {
    if (!signal.aborted) status.textContent = String(error);
  }
}

/** The pictures, the nearest first; those without a row yet come last. */
function show(row: Float32Array | undefined, what: string): void {
  sought = { row, what };
  const { name: kernel, threads } = embedder.backend;
  const done = rows.length < all.length ? `${rows.length} of ${all.length}` : `${all.length}`;
  const on = `${kernel}, ${threads} thread${threads === 1 ? '' : 's'}`;
  status.textContent = `${done} pictures embedded in a worker (${on})${row ? `; the nearest to “${what}” first` : ''}`;
  const score = (i: number) => (row && i < rows.length ? dot(row, rows[i]!) : -2);
  const scores = tiles.map((_, i) => score(i));
  const order = row ? tiles.map((_, i) => i).toSorted((a, b) => scores[b]! - scores[a]!) : tiles.map((_, i) => i);
  list.replaceChildren(...order.map((i) => tiles[i]!.tile));
}

/** Rows have length 1: this is their cosine. */
function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
