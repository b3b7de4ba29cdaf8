/**
 * What `work` gives. Where the disk refuses, being full, read-only or otherwise, `INPUT_INVALID` with the path: of the file,
 * or `path` where the system does not say.
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { diskError } = await import('@diptych/checkpoint/node');
    throw diskError('written', path, error);
  }
}
