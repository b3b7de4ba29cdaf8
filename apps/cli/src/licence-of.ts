import { EmbeddingError } from '@diptych/core';
import type { LicenceOptions, ModelLicence, PackagedModel } from 'diptych';

/** What the card says, where there is one that can be read: a model does not need it to work. */
export async function licenceOf(
  model: string | PackagedModel,
  options: LicenceOptions,
): Promise<ModelLicence | undefined> {
  const { modelLicence } = await import('diptych');
  try {
    return await modelLicence(model, options);
  } catch (error) {
    if (error instanceof EmbeddingError) return undefined;
    throw error;
  }
}

/** What people call it: its name where the hub has no id for it. */
export function licenceName({ id, name }: ModelLicence): string {
  return id === 'other' && name !== undefined ? name : id;
}
