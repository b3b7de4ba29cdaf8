import type { PackagedModel } from 'diptych';

/** Models that come with the server, by name. */
const packaged: Readonly<Record<string, () => Promise<PackagedModel>>> = {
  emoji: async () => (await import('@diptych/model-emoji')).emoji,
  photo: async () => (await import('@diptych/model-photo')).photo,
};

/** The model that is a package, or none of that name. */
export async function packagedModel(name: string): Promise<PackagedModel | undefined> {
  return Object.hasOwn(packaged, name) ? packaged[name]!() : undefined;
}
