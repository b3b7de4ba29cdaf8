import { EmbeddingError } from '@diptych/core';
import type { StoreConfig } from '../../store.ts';
import { checkSameConfig } from '../../store/check-same-config.ts';
import { encodeRecord } from './record-log.ts';

type Version = 1 | 2;

/** The first record of a log. */
interface Header extends Required<StoreConfig> {
  readonly format: 'diptych-store';
  readonly version: Version;
}

/** Twice: without it nobody knows what the rows are. */
export function headerBytes(config: Required<StoreConfig>): Buffer {
  const meta = { format: 'diptych-store', version: 2, ...config } satisfies Header;
  const first = Buffer.concat(encodeRecord({ meta, rows: [] }, 0).parts);
  return Buffer.concat([first, ...encodeRecord({ meta, rows: [] }, first.length).parts]);
}

/**
 * The version of a log; `undefined` when the record is no header.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the log is of another version or was made with another configuration.
 */
export function versionOf(path: string, meta: unknown, config: Required<StoreConfig>): Version | undefined {
  if (typeof meta !== 'object' || meta === null || !('format' in meta)) return undefined;
  const { format, version, ...made } = meta as Header;
  if (format !== 'diptych-store' || (version !== 1 && version !== 2)) {
    const found = JSON.stringify([format, version]).slice(0, 80);
    throw new EmbeddingError('INPUT_INVALID', { where: path, expected: 'a store of version 1 or 2', got: found });
  }
  checkSameConfig(path, made, config);
  return version;
}
