import { createRoot } from 'react-dom/client';
import { pictures } from '../../samples/pictures.ts';
import type { Matrix } from '../../src/insight/rows.ts';
import type { Photo } from '../../src/library/photo.ts';
import { ClustersView } from '../../src/views/clusters.tsx';
import { DuplicatesView } from '../../src/views/duplicates.tsx';
import { MapView } from '../../src/views/map.tsx';

/** Axes of a space: what the samples are, in their order. */
const axes = ['animal', 'food', 'thing'];
const kindOf = (i: number) => (i < 9 ? 0 : i < 17 ? 1 : 2);
const dim = axes.length + pictures.length;

const photos = pictures.map(({ name, side = 480 }, i): Photo => ({
  id: `photo-${i}`,
  name,
  path: `holiday/${name}.webp`,
  bytes: side * 40,
  modified: i,
  width: side,
  height: side,
  source: 'samples',
}));

/** A photo is what it is, and a little itself; a copy is its original, nearly. */
const data = new Float32Array(photos.length * dim);
photos.forEach(({ name }, i) => {
  const original = photos.findIndex((photo) => photo.name === name.split(',')[0]);
  const row = data.subarray(i * dim, (i + 1) * dim);
  row[kindOf(i)] = 0.9;
  row[axes.length + original] = 0.43;
  if (original !== i) row[axes.length + i] = 0.05;
  const length = Math.hypot(...row);
  row.forEach((value, k) => (row[k] = value / length));
});
const rows = { photos, rows: { data, shape: [photos.length, dim] as [number, number] } };

async function embedWords(words: readonly string[]): Promise<Matrix> {
  const found = new Float32Array(words.length * dim);
  words.forEach((word, i) => {
    const axis = { dog: 0, pizza: 1, bus: 2 }[word] ?? axes.indexOf(word);
    found[i * dim + (axis < 0 ? dim - 1 : axis)] = axis < 0 ? 0.01 : 1;
  });
  return { data: found, shape: [words.length, dim] };
}

function Thumbnail({ id, alt }: { readonly id: string; readonly alt: string }) {
  const { name } = pictures[Number(id.slice(6))]!;
  return <img className="thumbnail" src={`/samples/${name.replaceAll(/\W+/g, '-')}.webp`} alt={alt} />;
}

const onOpen = (id: string, ids: readonly string[]) => {
  document.title = `${id} of ${ids.length}`;
};
const tags = ['thing'];

const views = {
  duplicates: <DuplicatesView rows={rows} Thumbnail={Thumbnail} onOpen={onOpen} />,
  map: <MapView {...{ rows, tags, embedWords, Thumbnail, onOpen }} />,
  clusters: <ClustersView {...{ rows, tags, embedWords, Thumbnail, onOpen }} />,
};

createRoot(document.querySelector('main')!).render(views[location.hash.slice(1) as keyof typeof views]);
