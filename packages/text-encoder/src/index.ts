export type { TokenLimits } from './check-tokens.ts';
export { clapText, type ClapText, type ClapTextConfig, clapTextSpec, hfClapTextNames } from './clap-text.ts';
export { clipText, type ClipText, type ClipTextConfig, clipTextSpec, clipTextTokens } from './clip-text.ts';
export { hfClipTextNames, openClipTextNames } from './clip-text-names.ts';
export type { EndOfText } from './end-of-text.ts';
export { siglipText, type SiglipText, type SiglipTextConfig, siglipTextSpec, siglipTextTokens } from './siglip-text.ts';
export { hfSiglipTextNames, openClipSiglipTextNames } from './siglip-text-names.ts';
export { bert, type Bert, type BertConfig, bertSpec, bertTokens } from './bert.ts';
export { hfBertNames, hfDistilBertNames, hfLegacyBertNames, hfMpnetNames } from './bert-names.ts';
export {
  chineseClipText,
  type ChineseClipText,
  type ChineseClipTextConfig,
  chineseClipTextSpec,
  hfChineseClipTextNames,
} from './chinese-clip-text.ts';
export {
  hfModernBertNames,
  modernBert,
  type ModernBert,
  type ModernBertConfig,
  type ModernBertLayer,
  modernBertSpec,
} from './modern-bert.ts';
export {
  jinaBert,
  type JinaBert,
  type JinaBertConfig,
  jinaBertNames,
  jinaBertSpec,
  jinaBertTokens,
  jinaClipTextNames,
} from './jina-bert.ts';
export { nomicBert, type NomicBert, type NomicBertConfig, nomicBertNames, nomicBertSpec } from './nomic-bert.ts';
export type { TokenPooling } from './token-pooling.ts';
export { embeddingBag, type EmbeddingBag, type EmbeddingBagConfig, embeddingBagSpec } from './embedding-bag.ts';
export {
  recurrentText,
  type RecurrentText,
  type RecurrentTextConfig,
  recurrentTextSpec,
  recurrentTextTokens,
  vseTextNames,
} from './recurrent-text.ts';
export { textCnn, type TextCnn, type TextCnnConfig, textCnnSpec } from './text-cnn.ts';
