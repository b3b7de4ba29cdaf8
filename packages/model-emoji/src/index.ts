export { emoji } from './emoji.ts';
export { emojiArchitecture } from './emoji-architecture.ts';
