import { hub, type HubProgress } from '@diptych/files';
import { download, modelLicence } from 'diptych';
import { addStored } from './stored.ts';

/** What is known of a model before it is fetched. */
export interface FoundModel {
  readonly name: string;
  readonly licence: string;
  /** Of its weights. */
  readonly bytes: number;
}

/** Asks the hub. */
export async function findModel(name: string, signal: AbortSignal): Promise<FoundModel> {
  const files = hub(name);
  const [{ files: listed }, licence] = [await files.list(signal), await modelLicence(files, { signal })];
  const sizeOf = (end: string) =>
    [...listed.values()].reduce((sum, { path, size }) => sum + (path.endsWith(end) ? size : 0), 0);
  return {
    name,
    licence: licence ? (licence.name ?? licence.id) : 'not told',
    bytes: sizeOf('.safetensors') || sizeOf('.bin'),
  };
}

/** Fetches what the model needs; it is listed once the browser keeps all of it. */
export async function fetchModel(
  { name, licence }: FoundModel,
  { signal, onDownload }: { readonly signal: AbortSignal; readonly onDownload: (progress: HubProgress) => void },
): Promise<void> {
  // Otherwise browsers may drop what they keep when a disk is full. Refused, it is kept all the same.
  await navigator.storage.persist();
  await download(name, { signal, onDownload });
  // A file that the browser has no room for is not kept.
  await download(name, { hub: { offline: true }, signal });
  addStored({ name, licence });
}
