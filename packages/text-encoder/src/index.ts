export type { TokenLimits } from './check-tokens.ts';
export { clipText, type ClipText, type ClipTextConfig, clipTextSpec, clipTextTokens } from './clip-text.ts';
export { hfClipTextNames, openClipTextNames } from './clip-text-names.ts';
export type { EndOfText } from './end-of-text.ts';
