import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenPath } from '@diptych/golden';
import { temporaryFolder } from './workspace.ts';

interface Recording {
  readonly flac: string;
  readonly wav: string;
}

const made = new URL('../../../packages/diptych/test/golden/sounds.json', import.meta.url);

/** Files of the same sounds, in base64. */
export const recordings = JSON.parse(readFileSync(made, 'utf8')) as readonly Recording[];

/** A folder as Hugging Face lays it out: the golden tiny CLAP. */
export async function tinyClapFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const json = ['config', 'preprocessor_config', 'tokenizer', 'tokenizer_config', 'special_tokens_map'];
  for (const name of ['model.safetensors', ...json.map((stem) => `${stem}.json`)]) {
    await copyFile(goldenPath(`oracles2/clap/${name}`), join(folder, name));
  }
  return folder;
}
