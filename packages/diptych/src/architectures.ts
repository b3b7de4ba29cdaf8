import type { Architecture } from './architecture.ts';
import { aligned } from './dual-encoder/aligned.ts';
import { dualEncoder } from './dual-encoder/dual-encoder.ts';
import { families } from './families.ts';

/** The architectures that `open` knows by itself. */
export const architectures: readonly Architecture[] = [...families, dualEncoder, aligned];
