import { EmbeddingError } from '@diptych/core';
import type { StoreConfig } from '../store.ts';
import { checkSameConfig } from '../store/check-same-config.ts';
import type { LogRecord } from './record-log.ts';

/** The first record of a log. */
export interface Header extends Required<StoreConfig> {
  readonly format: 'diptych-store';
  readonly version: 1;
}

export function headerRecord(config: Required<StoreConfig>): LogRecord {
  return { meta: { format: 'diptych-store', version: 1, ...config } satisfies Header, payload: new Uint8Array() };
}

/** @throws {EmbeddingError} `INPUT_INVALID` when the log is of another format or was made with another configuration. */
export function checkHeader(path: string, { format, version, ...made }: Header, config: Required<StoreConfig>): void {
  if (format !== 'diptych-store' || version !== 1) {
    throw new EmbeddingError('INPUT_INVALID', `${path}: expected a store of version 1, found ${format} ${version}`);
  }
  checkSameConfig(path, made, config);
}
