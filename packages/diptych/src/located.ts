import { expectMembers } from '@diptych/core';
import { locate } from '#platform';
import { type LocatedModel, type ModelSource, refuseHub, type SourceOptions } from './platform/source.ts';

/**
 * The files of a model, wherever it comes from.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no source, and for options of the hub where it is another.
 */
export function located(source: ModelSource, options: SourceOptions): LocatedModel {
  if (typeof source === 'string' || source instanceof URL) return locate(source, options);
  expectMembers(source, 'model', 'open');
  refuseHub(source.id, options);
  return { files: source, id: source.id };
}
