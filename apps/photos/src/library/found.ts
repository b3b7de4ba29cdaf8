/** A file of a source that may be a picture. */
export interface Found {
  readonly id: string;
  readonly source: string;
  readonly path: string;
  readonly file: File;
}

/** A file with the id that its photo has. A changed file is another one. */
export function found(source: string, path: string, file: File): Found {
  // Stores take well-formed text, and file systems any name.
  const where = `${source}/${path}`.replaceAll(/\p{Surrogate}/gu, '\u{FFFD}');
  return { id: `${where}?${file.size}-${file.lastModified}`, source, path, file };
}
