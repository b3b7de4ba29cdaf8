import { goldenBytes, goldenText } from '@diptych/golden';
import type { TokenizerFiles } from '../../src/index.ts';

/** OpenAI's vocabulary file, unzipped; a browser has already unzipped what its server calls `.gz`. */
export async function openaiFiles(): Promise<TokenizerFiles> {
  const bytes = await goldenBytes('tokenizers/clip-openai/bpe_simple_vocab_16e6.txt.gz');
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const blob = new Blob([bytes]);
  const unzipped = isZipped ? blob.stream().pipeThrough(new DecompressionStream('gzip')) : blob.stream();
  return { bpe: await new Response(unzipped).text() };
}

/** A folder with `vocab.json` and `merges.txt`. */
export async function pairFiles(folder: string): Promise<TokenizerFiles> {
  const [vocab, merges] = [await goldenText(`${folder}/vocab.json`), await goldenText(`${folder}/merges.txt`)];
  return { vocab, merges };
}

export async function jsonFiles(folder: string): Promise<TokenizerFiles> {
  return { tokenizerJson: await goldenText(`${folder}/tokenizer.json`) };
}
