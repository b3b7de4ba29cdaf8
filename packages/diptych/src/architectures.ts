import type { Architecture } from './architecture.ts';
import { aligned } from './dual-encoder/aligned.ts';
import { dualEncoder } from './dual-encoder/dual-encoder.ts';
import { hfBert, sentenceTransformers } from './sentence-transformers/sentence-transformers.ts';
import { hfChineseClip } from './hf/chinese-clip.ts';
import { hfClip } from './hf/clip.ts';
import { hfResnet } from './hf/resnet.ts';
import { hfSiglip } from './hf/siglip.ts';
import { openClip } from './open-clip/open-clip.ts';
import { tfjsMobileNet } from './tfjs/tfjs-mobilenet.ts';

/** The architectures that `open` knows by itself. */
export const architectures: readonly Architecture[] = [
  sentenceTransformers,
  openClip,
  hfClip,
  hfSiglip,
  hfChineseClip,
  hfBert,
  hfResnet,
  dualEncoder,
  aligned,
  tfjsMobileNet,
];
