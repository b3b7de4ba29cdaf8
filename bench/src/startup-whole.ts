import { useBackend } from '@diptych/backend-wasm';
import type { WeightType } from '@diptych/core';
import { open } from 'diptych';
import { reportOpening } from './startup-report.ts';

// `startup-whole.ts <folder> <type of weights>`: both towers and the tokenizer opened, and what that took as JSON.
const [folder, dtype] = process.argv.slice(2) as [string, WeightType];
const start = performance.now();
await useBackend('wasm', { threads: 1 });
await open(folder, { dtype });
reportOpening(start);
