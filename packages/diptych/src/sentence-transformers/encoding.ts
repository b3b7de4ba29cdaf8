import { configReader, type ConfigReader, EmbeddingError } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { SpaceParts } from '../architecture.ts';
import { readJson } from '../model-json.ts';
import type { Prompts } from '../prompts.ts';

const file = 'config_sentence_transformers.json';

/** What to do about a model with a vector for each token. */
export const lateCure = 'openColbert opens models of late interaction';

/**
 * How the model wants to be used, as sentence-transformers reads it of `config_sentence_transformers.json`.
 *
 * @param normalized Whether its rows have length 1.
 */
export async function readEncoding(
  files: Files,
  normalized: boolean,
  signal?: AbortSignal,
): Promise<Pick<SpaceParts, 'truncateDim'> & { readonly prompts: Prompts }> {
  const config = configReader((await readJson(files, file, signal)) ?? {}, `${files.id}/${file}`);
  checkUse(config, normalized);
  const named = promptsOf(config.object('prompts'));
  const usual = config.has('default_prompt_name') ? config.string('default_prompt_name') : undefined;
  if (usual !== undefined && !Object.hasOwn(named, usual)) {
    const expected = `the name of a prompt (${Object.keys(named).join(', ') || 'there are none'})`;
    throw new EmbeddingError('CONFIG_INVALID', { where: `${config.where}: default_prompt_name`, expected, got: usual });
  }
  return {
    prompts: { named, ...(usual !== undefined && { usual }) },
    ...(config.has('truncate_dim') && { truncateDim: config.count('truncate_dim') }),
  };
}

/** The dot product is the cosine where rows have length 1. */
function checkUse(config: ConfigReader, normalized: boolean): void {
  const type = config.string('model_type', 'SentenceTransformer');
  if (type !== 'SentenceTransformer') {
    throw new EmbeddingError('UNSUPPORTED', {
      where: `${config.where}: model_type`,
      expected: 'SentenceTransformer',
      got: type,
      ...(/^(ColBERT|MultiVectorEncoder)$/.test(type) && { cure: lateCure }),
    });
  }
  const similarity = config.string('similarity_fn_name', 'cosine');
  if (similarity === 'cosine' || (similarity === 'dot' && normalized)) return;
  const expected = 'cosine, or dot with a Normalize module';
  throw new EmbeddingError('UNSUPPORTED', { where: `${config.where}: similarity_fn_name`, expected, got: similarity });
}

function promptsOf(prompts: ConfigReader): Readonly<Record<string, string>> {
  return Object.fromEntries(prompts.fields.map((name) => [name, prompts.string(name, '')]));
}
