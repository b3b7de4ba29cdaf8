import type { Rows } from './photo.ts';
import type { Tagged } from './tags.ts';

/** A `.npy` file of NumPy, version 1.0: `[n, dim]` in float32, as `np.load` and clip-retrieval read it. */
export function npy({ data, shape: [n, dim] }: Rows['rows']): Blob {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${n}, ${dim}), }`;
  // Magic, version and length take 10 bytes; values begin at a multiple of 64.
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const text = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  const lead = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8];
  return new Blob([Uint8Array.from(lead), text, data as Float32Array<ArrayBuffer>]);
}

/** What is known of each photo, a line of JSON each, in the order of the rows. */
export function jsonLines({ photos }: Rows, sourceName: (id: string) => string): Blob {
  const lines = photos.map(({ path, bytes, modified, width, height, source }) => {
    const known = {
      source: sourceName(source),
      path,
      bytes,
      modified: new Date(modified).toISOString(),
      width,
      height,
    };
    return `${JSON.stringify(known)}\n`;
  });
  return new Blob(lines, { type: 'application/jsonl' });
}

/** A line for each photo that a tag is said of. */
export function tagsCsv(tags: readonly Tagged[], sourceName: (id: string) => string): Blob {
  const lines = tags.flatMap(({ word, photos }) =>
    photos.map(({ photo, score }) => [sourceName(photo.source), photo.path, word, score.toFixed(4)]),
  );
  const text = [['source', 'path', 'tag', 'score'], ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`);
  return new Blob(text, { type: 'text/csv' });
}

/** As RFC 4180 has it; what a spreadsheet would compute is text. */
function quoted(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?[\d.]+$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Gives the user a file. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
