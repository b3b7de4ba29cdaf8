import type { Files } from '@diptych/files';
import { knownModels } from './known-models.ts';
import { modelLicence } from './model-licence.ts';

/**
 * What there is to say of a model whose licence forbids commercial use, on one line: by its card, or where none can be read by
 * `knownModels`. `undefined` of all others.
 */
export async function licenceWarning(files: Files, signal?: AbortSignal): Promise<string | undefined> {
  // The model works without its card.
  const card = await modelLicence(files, signal ? { signal } : {}).catch(() => undefined);
  const licence = card ?? knownLicence(files.id);
  if (!licence?.nonCommercial) return undefined;
  const { id, name, link } = licence;
  const see = link === undefined ? '' : `; see ${link}`;
  const called = id === 'other' ? (name ?? id) : id;
  // A card is text of others, and this goes to terminals.
  return `${files.id}: warning: licence ${called}: not for commercial use${see}`.replace(/\p{Cc}/gu, ' ');
}

function knownLicence(model: string): { id: string; nonCommercial: boolean; name?: string; link?: string } | undefined {
  const known = knownModels.find((one) => one.model === model);
  return known && { id: known.licence, nonCommercial: known.nonCommercial === true };
}

const told = new Set<string>();

/** On the console, once. */
export function warnOnce(warning: string): void {
  if (!told.has(warning)) console.warn(`diptych: ${warning}`);
  told.add(warning);
}
