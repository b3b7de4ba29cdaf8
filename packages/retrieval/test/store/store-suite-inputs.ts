import { expect } from 'vitest';
import type { Metadata, Store, StoreConfig } from '../../src/index.ts';

/** A new store, closed after the test. */
export type Make = (options?: Partial<StoreConfig>) => Promise<Store>;

export const config = {
  model: 'm',
  dim: 8,
  precision: 'float32',
  fields: { kind: 'string', year: 'number' },
} as const satisfies StoreConfig;

export const names = (n: number): string[] => Array.from({ length: n }, (_, i) => `row ${i}`);
export const years = (n: number): Metadata[] => Array.from({ length: n }, (_, i) => ({ year: 2000 + (i % 10) }));
export const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
