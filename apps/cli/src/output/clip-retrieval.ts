import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { Modality } from '../space.ts';
import type { RowSink } from './row-sink.ts';

interface Layout {
  /** Stem of folder and file. */
  readonly stem: string;
  /** Column of the metadata that names a row. */
  readonly column: string;
}

const layouts: Readonly<Record<Modality, Layout>> = {
  image: { stem: 'img_emb', column: 'image_path' },
  text: { stem: 'text_emb', column: 'caption' },
  audio: { stem: 'audio_emb', column: 'audio_path' },
};

/**
 * The layout of `clip-retrieval inference`, as one partition: `img_emb/img_emb_0.npy` or `text_emb/text_emb_0.npy`, and
 * `metadata/metadata_0.parquet` with the names in the order of the rows; for sounds, which it does not know, `audio_emb`.
 *
 * Floats are float32 where clip-retrieval writes float16: its readers take both, and nothing is lost. Where a precision
 * has a step per row, the metadata has a column `scale`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the folder holds another modality, whose metadata would be lost.
 */
export async function clipRetrievalFolder(folder: string, modality: Modality): Promise<RowSink> {
  const { stem, column } = layouts[modality];
  for (const other of Object.values(layouts)) if (other !== layouts[modality]) await refuseOther(folder, other);
  const { besideOf } = await import('@diptych/files/node');
  const { npyWriter, writeNames } = await import('@diptych/datasets/node');
  const { partial, publish, discard } = await besideOf(folder);
  for (const name of [stem, 'metadata']) await mkdir(join(partial, name));
  const npy = await npyWriter(join(partial, stem, `${stem}_0.npy`));
  const allNames: string[] = [];
  const allScales: number[] = [];
  return {
    async add(names, rows) {
      await npy.add(rows);
      allNames.push(...names);
      allScales.push(...(rows.scales ?? []));
    },
    async close() {
      const path = join(partial, 'metadata', 'metadata_0.parquet');
      await writeNames(path, { column, names: allNames, scales: allScales });
      await npy.close();
      await publish();
    },
    async discard() {
      await npy.abandon();
      await discard();
    },
  };
}

async function refuseOther(folder: string, { stem }: Layout): Promise<void> {
  const file = join(folder, stem, `${stem}_0.npy`);
  const present = await access(file).then(
    () => true,
    () => false,
  );
  if (!present) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: file,
    expected: 'an --output folder of one modality',
    got: 'another one',
  });
}
