import { configJson, parseJson } from '@diptych/core';
import type { StoreConfig } from '../store.ts';
import { checkSameConfig } from './check-same-config.ts';

/**
 * As `checkSameConfig`, of the JSON that a database keeps.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it is damaged, too.
 */
export function checkMadeConfig(where: string, json: string, config: Required<StoreConfig>): void {
  const place = `${where}: configuration of the store`;
  checkSameConfig(where, parseJson(json, place, { ...configJson, code: 'INPUT_INVALID' }), config);
}
