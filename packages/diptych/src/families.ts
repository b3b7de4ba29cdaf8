import type { Architecture } from './architecture.ts';
import { hfBert, sentenceTransformers } from './sentence-transformers/sentence-transformers.ts';
import { hfChineseClip } from './hf/chinese-clip.ts';
import { hfClap } from './hf/clap.ts';
import { hfClip } from './hf/clip.ts';
import { hfDinov2 } from './hf/dinov2.ts';
import { hfJinaClip } from './hf/jina-clip.ts';
import { hfNaflex } from './hf/naflex.ts';
import { hfNomicVision } from './hf/nomic-vision.ts';
import { hfResnet } from './hf/resnet.ts';
import { hfSiglip } from './hf/siglip.ts';
import { hfVit } from './hf/vit.ts';
import { openClip } from './open-clip/open-clip.ts';
import { tfjsMobileNet } from './tfjs/tfjs-mobilenet.ts';

/** What others publish, in the order in which it is looked for; each may be the frozen network below heads of ours. */
export const families: readonly Architecture[] = [
  sentenceTransformers,
  openClip,
  hfClip,
  hfSiglip,
  hfNaflex,
  hfChineseClip,
  hfJinaClip,
  // Before texts of the same model type.
  hfNomicVision,
  hfBert,
  hfResnet,
  hfVit,
  hfDinov2,
  hfClap,
  tfjsMobileNet,
];
