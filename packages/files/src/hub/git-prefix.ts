/** What git hashes before the content of a file, whose size is in bytes. */
export function gitPrefix(size: number): string {
  return `blob ${size}\0`;
}
