import type { Embedder } from 'diptych/worker';
import type { Found } from './found.ts';
import type { Photo } from './photo.ts';
import { refusalByError } from './refusal.ts';
import type { Thumbnailer } from './thumbnailer.ts';

/** A batch that is embedded, before it is stored. */
export interface Embedded {
  readonly photos: readonly Photo[];
  readonly thumbnails: ReadonlyMap<string, Blob>;
  /** `[n, dim]` of the photos. */
  readonly rows: Float32Array;
  readonly refused: readonly { readonly found: Found; readonly reason: string }[];
}

interface Pulled {
  readonly found: Found;
  readonly photo: Promise<Made>;
}

interface Made {
  readonly photo: Photo;
  readonly thumbnail?: Blob;
}

export interface EmbedPhotosOptions {
  readonly thumbnailer: Thumbnailer;
  /** A photo that has its thumbnail already. */
  readonly known: (id: string) => Photo | undefined;
  readonly signal: AbortSignal;
}

/** As many are in memory at a time, thrice; a search waits for as many. */
const batchSize = 8;

/**
 * Files to photos with rows and thumbnails, a batch at a time; the next is read meanwhile. The first photo is alone, so that it can
 * be searched while others are read.
 *
 * @param files Asked for one by one, so that the list may grow.
 */
export async function* embedPhotos(
  embedder: Embedder,
  files: Iterable<Found>,
  options: EmbedPhotosOptions,
): AsyncGenerator<Embedded> {
  const rest = files[Symbol.iterator]();
  const first = rest.next();
  if (first.done) return;
  yield* embedBatches(embedder, [first.value], options);
  yield* embedBatches(embedder, { [Symbol.iterator]: () => rest }, options);
}

async function* embedBatches(
  embedder: Embedder,
  files: Iterable<Found>,
  { thumbnailer, known, signal }: EmbedPhotosOptions,
): AsyncGenerator<Embedded> {
  const pulled: Pulled[] = [];
  const reasons = new Map<number, string>();
  let begin = 0;
  function* pull(): Generator<File> {
    for (const found of files) {
      pulled.push({ found, photo: made(found, thumbnailer, known(found.id)) });
      yield found.file;
    }
  }
  const taken = (count: number) => {
    const batch = pulled.splice(0, count).map((item, i) => ({ ...item, reason: reasons.get(begin + i) }));
    begin += batch.length;
    return {
      photos: batch.filter(({ reason }) => reason === undefined).map(({ photo }) => photo),
      refused: batch.flatMap(({ found, reason }) => (reason === undefined ? [] : [{ found, reason }])),
    };
  };
  const onSkip = (error: unknown, at: number) => reasons.set(at, refusalByError(error));
  for await (const { data, shape } of embedder.stream('image', pull(), { batchSize, signal, onSkip })) {
    const { photos, refused } = taken(countOf(shape[0], (i) => reasons.has(begin + i)));
    const all = await Promise.all(photos);
    const thumbnails = new Map(all.flatMap(({ photo, thumbnail }) => (thumbnail ? [[photo.id, thumbnail]] : [])));
    yield { photos: all.map(({ photo }) => photo), thumbnails, rows: data, refused };
  }
  const { refused } = taken(pulled.length);
  if (refused.length > 0) yield { photos: [], thumbnails: new Map(), rows: new Float32Array(), refused };
}

/** How many items `rows` rows are of, with those that were skipped among them and right after. */
function countOf(rows: number, isSkipped: (i: number) => boolean): number {
  let count = 0;
  for (let left = rows; left > 0 || isSkipped(count); count++) if (!isSkipped(count)) left--;
  return count;
}

/** Without a thumbnail where the browser cannot make one: the model may read what it cannot show. */
async function made(found: Found, thumbnailer: Thumbnailer, known: Photo | undefined): Promise<Made> {
  if (known) return { photo: known };
  const { id, source, path, file } = found;
  const small = await thumbnailer.make(file).catch(() => undefined);
  const { width = 0, height = 0, thumbnail } = small ?? {};
  const name = path.slice(path.lastIndexOf('/') + 1);
  const photo = { id, name, path, bytes: file.size, modified: file.lastModified, width, height, source };
  return { photo, ...(thumbnail && { thumbnail }) };
}
