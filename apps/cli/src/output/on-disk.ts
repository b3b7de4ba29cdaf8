/** `onDisk` of `@diptych/checkpoint/node`, which is loaded when something is written, and not before. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  const files = await import('@diptych/checkpoint/node');
  return files.onDisk(path, work);
}
