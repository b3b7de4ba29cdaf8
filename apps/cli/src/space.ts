import type { EmbeddingSpace, TextAndAudio, TextAndImage } from 'diptych';

/** What models take, each some of it. */
interface Items extends TextAndImage, TextAndAudio {}

/** A model of texts, images or sounds. */
export type Space = EmbeddingSpace<Items>;

export type Modality = keyof Items;
