import { type ConfigReader, EmbeddingError, type Encoder, mostLayers, type TextBatch } from '@diptych/core';
import type { Tokenizer, WordVocabulary } from '@diptych/preprocessing';
import {
  clipText,
  clipTextSpec,
  embeddingBag,
  embeddingBagSpec,
  recurrentText,
  recurrentTextSpec,
} from '@diptych/text-encoder';
import { type Plan, plan } from '../model-plan.ts';

/** A text tower over the words of a vocabulary, before its weights are there. */
export interface TextTowerPlan extends Plan<Encoder<TextBatch>> {
  /** Loads the code of tokenizers. */
  tokenizer(vocabulary: WordVocabulary): Promise<Tokenizer>;
}

/** What both towers share. */
export interface TowerSizes {
  /** Length of an embedding. */
  readonly dim: number;
  /** Words of the vocabulary. */
  readonly vocabSize: number;
}

const kinds: Readonly<Record<string, (config: ConfigReader, sizes: TowerSizes) => TextTowerPlan>> = {
  gru: recurrent('gru'),
  lstm: recurrent('lstm'),
  bag: (reader, sizes) => {
    reader.only('kind');
    const config = { ...sizes, pooling: 'mean' } as const;
    return { ...plan(embeddingBagSpec(config), (p) => embeddingBag(config, p)), tokenizer: wordTokenizer };
  },
  transformer,
};

/** @throws {EmbeddingError} `CONFIG_INVALID` naming the field. */
export function textTowerPlan(config: ConfigReader, sizes: TowerSizes): TextTowerPlan {
  return config.choice('kind', kinds)(config, sizes);
}

function recurrent(kind: 'gru' | 'lstm') {
  return (reader: ConfigReader, sizes: TowerSizes): TextTowerPlan => {
    reader.only('kind', 'wordDim', 'layers', 'bidirectional');
    const config = {
      ...sizes,
      kind,
      wordDim: reader.count('wordDim', 300),
      layers: reader.count('layers', 1, mostLayers),
      bidirectional: reader.flag('bidirectional', false),
      pooling: 'last',
    } as const;
    return { ...plan(recurrentTextSpec(config), (p) => recurrentText(config, p)), tokenizer: wordTokenizer };
  };
}

function transformer(reader: ConfigReader, sizes: TowerSizes): TextTowerPlan {
  reader.only('kind', 'width', 'layers', 'heads', 'mlpWidth', 'contextLength');
  const width = reader.count('width', 256);
  const config = {
    ...sizes,
    width,
    layers: reader.count('layers', 2, mostLayers),
    heads: reader.count('heads', 4),
    mlpWidth: reader.count('mlpWidth', 4 * width),
    contextLength: reader.count('contextLength', 32),
    activation: 'gelu',
    layerNormEpsilon: 1e-5,
    endOfText: endId,
  };
  const tokenizer = async (vocabulary: WordVocabulary) => {
    checkEnd(vocabulary);
    return wordTokenizer(vocabulary, config.contextLength);
  };
  return { ...plan(clipTextSpec(config), (p) => clipText(config, p)), tokenizer };
}

async function wordTokenizer(vocabulary: WordVocabulary, contextLength?: number): Promise<Tokenizer> {
  const { vocabularyTokenizer } = await import('@diptych/preprocessing/text');
  return vocabularyTokenizer(vocabulary, { ...(contextLength !== undefined && { contextLength }) });
}

/** Of `<end>` in the vocabularies of `captionVocabulary` and VSE++. */
const endId = 2;

function checkEnd({ word2idx }: WordVocabulary): void {
  if (word2idx['<end>'] === endId) return;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: 'vocabulary',
    expected: `'<end>' as word ${endId}`,
    got: word2idx['<end>'],
  });
}
