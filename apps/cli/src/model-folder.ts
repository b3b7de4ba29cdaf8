import { stat } from 'node:fs/promises';

/** Where a model lies on this disk: its own folder, or that of a revision in the hub's cache. */
export async function modelFolder(model: string, revision = 'main'): Promise<string | undefined> {
  const found = await stat(model).catch(() => undefined);
  if (found) return model;
  const { listCache } = await import('@diptych/files/node');
  const cached = (await listCache()).find(({ name }) => name === model);
  return cached?.revisions.find(({ commit, refs }) => commit === revision || refs.includes(revision))?.path;
}
