/** A model of the hub that this browser keeps, whole. */
export interface StoredModel {
  /** `org/name`. */
  readonly name: string;
  /** As its card says. */
  readonly licence: string;
}

/** Address of the hub. */
export const endpoint = 'https://huggingface.co';

/** A line for each, the name and the licence parted by a tab. */
const key = 'photos-hub-models';

export function storedModels(): readonly StoredModel[] {
  const lines = (localStorage.getItem(key) ?? '').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [name = '', licence = ''] = line.split('\t');
    return { name, licence };
  });
}

/** To be called once all of its files are kept. */
export function addStored(model: StoredModel): void {
  write([...storedModels().filter(({ name }) => name !== model.name), model]);
}

/** Forgets a model, and its files. */
export async function removeStored(name: string): Promise<void> {
  write(storedModels().filter((each) => each.name !== name));
  const cache = await caches.open('diptych-hub');
  const kept = (await cache.keys()).filter(({ url }) => url.startsWith(`${endpoint}/${name}/`));
  await Promise.all(kept.map((each) => cache.delete(each)));
}

function write(models: readonly StoredModel[]): void {
  localStorage.setItem(
    key,
    models.map(({ name, licence }) => `${name}\t${licence.replaceAll(/\s+/g, ' ')}`).join('\n'),
  );
}
