import { configReader, type ConfigReader, EmbeddingError, quote, refuseSettings } from '@diptych/core';
import type { Files } from '@diptych/files';
import { readJson } from '../model-json.ts';
import { type Module, readModules } from '../sentence-transformers/modules.ts';
import { subFolder } from '../sub-folder.ts';

/** How texts of one side become rows of tokens. */
export interface Side {
  /** The token after the first. */
  readonly marker: string;
  /** Tokens of the longest text, the marker and the ends included. */
  readonly length: number;
}

/** What a model of late interaction says of itself, in whichever layout. */
export interface LateConfig {
  readonly query: Side;
  readonly document: Side;
  /** Whether the tokens that fill a query up are attended to. */
  readonly attends: boolean;
  /** Tokens of which documents keep no rows. */
  readonly skipped: readonly string[];
  /** Layers in folders of their own; without them one of so many outputs stands beside the network. */
  readonly dense: readonly Module[] | number;
}

const punctuation = Array.from('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/**
 * The settings of ColBERT in the layout of its authors (`artifact.metadata`), of PyLate, or of sentence-transformers 6.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for another model, or a setting that is not obeyed.
 */
export async function readLateConfig(files: Files, signal?: AbortSignal): Promise<LateConfig> {
  const metadata = await readJson(files, 'artifact.metadata', signal);
  if (metadata) return authorsConfig(configReader(metadata, `${files.id}/artifact.metadata`));
  const file = 'config_sentence_transformers.json';
  const config = configReader((await readJson(files, file, signal)) ?? {}, `${files.id}/${file}`);
  const modules = (await readModules(files, signal)) ?? [];
  const type = config.string('model_type', 'SentenceTransformer');
  if (type === 'ColBERT') return pylateConfig(config, denseOf(files, modules));
  if (type === 'MultiVectorEncoder') return newerConfig({ config, files, modules }, signal);
  const expected = 'a model of late interaction: ColBERT, with artifact.metadata or of PyLate, or MultiVectorEncoder';
  throw new EmbeddingError('UNSUPPORTED', { where: files.id, expected, got: quote(type) });
}

function authorsConfig(config: ConfigReader): LateConfig {
  refuseSettings(config, { similarity: ['cosine'], interaction: ['colbert'], relu: [false] });
  return {
    query: { marker: config.string('query_token_id', '[unused0]'), length: config.count('query_maxlen', 32) },
    document: { marker: config.string('doc_token_id', '[unused1]'), length: config.count('doc_maxlen', 220) },
    attends: config.flag('attend_to_mask_tokens', false),
    skipped: config.flag('mask_punctuation', true) ? punctuation : [],
    dense: config.count('dim', 128),
  };
}

function pylateConfig(config: ConfigReader, dense: readonly Module[]): LateConfig {
  refuseSettings(config, { similarity_fn_name: ['MaxSim'], do_query_expansion: [true] });
  return {
    query: { marker: config.string('query_prefix', '[Q] '), length: config.count('query_length', 32) },
    document: { marker: config.string('document_prefix', '[D] '), length: config.count('document_length', 180) },
    attends: config.flag('attend_to_expansion_tokens', false),
    skipped: wordsOf(config),
    dense,
  };
}

interface Newer {
  readonly config: ConfigReader;
  readonly files: Files;
  readonly modules: readonly Module[];
}

async function newerConfig({ config, files, modules }: Newer, signal?: AbortSignal): Promise<LateConfig> {
  const read = async (path: string, file: string) =>
    configReader((await readJson(subFolder(files, path), file, signal)) ?? {}, `${files.id}/${path || '.'}/${file}`);
  const prompts = config.object('prompts');
  const dense = denseOf(files, modules);
  const transformer = await read(modules[0]!.path, 'sentence_bert_config.json');
  const expansion = transformer.object('query_expansion');
  refuseSettings(expansion, { strategy: ['fixed'], token: [] });
  const masking = modules.find(({ type }) => type === 'MultiVectorMask');
  const mask = masking && (await read(masking.path, 'config.json'));
  if (mask) {
    refuseSettings(mask, { keep_only_token_ids: [] });
    const tasks = mask.value('skiplist_tasks');
    if (quote(tasks) !== quote(['document'])) {
      const where = `${mask.where}: skiplist_tasks`;
      throw new EmbeddingError('UNSUPPORTED', { where, expected: '["document"]', got: quote(tasks) });
    }
  }
  return {
    query: { marker: prompts.string('query'), length: expansion.count('length') },
    document: { marker: prompts.string('document'), length: transformer.count('document_length') },
    attends: expansion.flag('attend', false),
    skipped: mask ? wordsOf(mask) : [],
    dense,
  };
}

/** The layers of a network whose modules are those of late interaction. */
function denseOf(files: Files, modules: readonly Module[]): readonly Module[] {
  const types = modules.map(({ type }) => type).join(', ');
  if (/^Transformer(, Dense)+(, MultiVectorMask)?(, Normalize)?$/.test(types)) {
    return modules.filter(({ type }) => type === 'Dense');
  }
  const expected = 'Transformer, Dense and perhaps MultiVectorMask and Normalize';
  throw new EmbeddingError('UNSUPPORTED', { where: `${files.id}/modules.json`, expected, got: types || 'none' });
}

function wordsOf(config: ConfigReader): readonly string[] {
  const words: unknown = config.value('skiplist_words') ?? punctuation;
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `${config.where}: skiplist_words`,
    expected: 'a list of words',
    got: quote(words),
  });
}
