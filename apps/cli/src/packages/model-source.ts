import { EmbeddingError } from '@diptych/core';
import type { PackagedModel } from 'diptych';
import { exported, isArchitecture } from './exported.ts';
import { importPackage, packageIn } from './import-package.ts';

/**
 * What `open` takes for the model of a command line: the export of a package, or else what the text says itself.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where no package is, `INPUT_INVALID` where it does not export one model, or for a
 *   revision of it.
 */
export async function modelSource(
  model: string,
  { folder, revision }: { readonly folder: string; readonly revision?: string | undefined },
): Promise<string | PackagedModel> {
  const { name, wanted } = packageIn(model) ?? {};
  if (name === undefined) return model;
  if (revision !== undefined) {
    const expected = `a model of the hub for the revision '${revision}'`;
    throw new EmbeddingError('INPUT_INVALID', { where: model, expected, got: 'a package' });
  }
  const exports = await importPackage(name, folder);
  const found = exported(exports, { where: model, wanted, is: isModel, what: 'an export with open and architecture' });
  if (found.length === 1) return found[0]!;
  const named = Object.keys(exports).filter((key) => isModel(exports[key]));
  throw new EmbeddingError('INPUT_INVALID', {
    where: model,
    expected: `one model, as ${name}#${named[0]}`,
    got: named.join(', '),
  });
}

function isModel(value: unknown): value is PackagedModel {
  const { open, architecture } = (value ?? {}) as Partial<PackagedModel>;
  return typeof open === 'function' && isArchitecture(architecture);
}
