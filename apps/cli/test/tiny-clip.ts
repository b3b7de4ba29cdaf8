import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredTensor } from '@diptych/core';
import { goldenJson, goldenPath } from '@diptych/golden';
import { readTensors } from '@diptych/testkit';
import { temporaryFolder } from './workspace.ts';

const tokens = 602;
const width = 24;
const tokenEmbedding = 'text_model.embeddings.token_embedding.weight';

/** A folder as Hugging Face lays it out: the golden tiny CLIP, with token embeddings for the golden tiny tokenizer. */
export async function tinyClipFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const config = await goldenJson<{ text_config: object }>('oracles/tiny_clip/config.json');
  const text = { ...config.text_config, vocab_size: tokens, bos_token_id: 600, eos_token_id: 601, pad_token_id: 601 };
  const data = Float32Array.from({ length: tokens * width }, (_, i) => Math.sin(i * i) / 4);
  const arrays = new Map(await readTensors('oracles/tiny_clip/model.safetensors'));
  arrays.set(tokenEmbedding, { shape: [tokens, width], data });
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, text_config: text }));
  await writeFile(join(folder, 'model.safetensors'), safetensors(arrays));
  await copyFile(goldenPath('oracles/tokenizers/tiny_clip_bpe/tokenizer.json'), join(folder, 'tokenizer.json'));
  return folder;
}

function safetensors(arrays: ReadonlyMap<string, StoredTensor>): Buffer {
  let at = 0;
  const entries = [...arrays].map(([name, { shape, data }]) => {
    const offsets = [at, (at += data.byteLength)];
    return [name, { dtype: 'F32', shape, data_offsets: offsets }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const bytes = [...arrays.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([length, header, ...bytes]);
}
