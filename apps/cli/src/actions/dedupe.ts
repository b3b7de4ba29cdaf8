import { searchKernels } from '@diptych/backend-wasm/search';
import { cosineSimilarity, EmbeddingError, type Embeddings } from '@diptych/core';
import { byWorth, type Copy, duplicates, type Worth, worthOver } from '@diptych/retrieval';
import sharp from 'sharp';
import type { DedupeOptions } from '../commands/dedupe.ts';
import { listedRows } from '../image-index/listed-rows.ts';
import type { Listed } from '../image-index/list-images.ts';
import { openSearch } from '../image-index/open-search.ts';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { formatBytes } from '../output/format-bytes.ts';
import { defaultFormat } from '../output/format.ts';
import { shortFloat } from '../output/row-values.ts';
import { terminalProgress } from '../progress.ts';
import { failureReport, type OnFailure } from '../report.ts';

/** What `--format jsonl` has in a line. */
interface Group {
  readonly keep: Copy;
  readonly spare: readonly (Copy & { readonly score: number; readonly because: Worth })[];
}

/** @returns How many images failed. */
export async function dedupe(options: DedupeOptions, io: Io): Promise<number> {
  const { threshold, format = defaultFormat(io.stdout) } = options;
  const { signal } = io;
  const progress = terminalProgress(io, options.quiet);
  const { onFailure, failures } = failureReport(progress);
  await using search = await openSearch(options, io, progress, onFailure);
  await search.update();
  const { images, rows } = await listedRows(search);
  const kernel = (await searchKernels())?.float32;
  const bar = progress.start('comparing', { total: images.length });
  const places = await duplicates(rows, threshold, { signal, kernel, onProgress: (done) => bar.update(done) });
  bar.stop();
  const spare: Copy[] = [];
  for (const group of places) {
    signal.throwIfAborted();
    const copies = await Promise.all(group.map((place) => copyOf(images[place]!, onFailure)));
    const one = groupOf(new Map(copies.map((copy, i) => [copy, group[i]!])), rows);
    spare.push(...one.spare);
    await write(io.stdout, format === 'table' ? table(one) : `${JSON.stringify(one)}\n`);
  }
  if (format === 'table') await write(io.stdout, summary(places.length, spare, images.length));
  return failures();
}

async function copyOf({ path, stamp }: Listed, onFailure: OnFailure): Promise<Copy> {
  const { width, height } = await sharp(path)
    .metadata()
    .catch((cause: unknown) => {
      const problem = { where: path, expected: 'an image that tells its size', got: cause };
      onFailure(path, new EmbeddingError('IMAGE_INVALID', problem, { cause }));
      return { width: 0, height: 0 };
    });
  return { path, width, height, bytes: stamp.size, modified: stamp.mtimeMs };
}

/**
 * How alike the others are is told against the one to keep: of those joined through others it may be less than the threshold.
 *
 * @param places Of the rows of the copies.
 */
function groupOf(places: ReadonlyMap<Copy, number>, rows: Embeddings): Group {
  const row = (copy: Copy): Embeddings => {
    const [dim, at] = [rows.shape[1], places.get(copy)!];
    return { ...rows, data: rows.data.subarray(at * dim, (at + 1) * dim), shape: [1, dim] };
  };
  const [keep, ...others] = byWorth([...places.keys()]);
  const spare = others.map((other) => ({
    ...other,
    score: shortFloat(cosineSimilarity(row(other), row(keep!))[0]!),
    because: worthOver(keep!, other),
  }));
  return { keep: keep!, spare };
}

const reasons: Readonly<Record<Worth, string>> = {
  pixels: 'has fewer pixels',
  bytes: 'has fewer bytes',
  format: 'is of a format with loss',
  age: 'is younger',
  path: 'is equal',
};

function table({ keep, spare }: Group): string {
  const line = (head: string, copy: Copy, reason: string) => [
    head,
    `${copy.width} x ${copy.height}`,
    formatBytes(copy.bytes),
    copy.path,
    reason,
  ];
  const lines = spare.map((copy) => line(copy.score.toFixed(3), copy, reasons[copy.because]));
  return `${columns('lrrll', [line('keep', keep, ''), ...lines])}\n`;
}

function summary(groups: number, spare: readonly Copy[], images: number): string {
  const bytes = spare.reduce((sum, copy) => sum + copy.bytes, 0);
  return `${images} images, ${groups} groups, ${spare.length} to spare (${formatBytes(bytes)})\n`;
}
