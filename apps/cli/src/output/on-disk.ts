/** `onDisk` of `@diptych/files/node`, which is loaded when something is written, and not before. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  const files = await import('@diptych/files/node');
  return files.onDisk(path, work);
}
