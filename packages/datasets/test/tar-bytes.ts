export interface TarFile {
  readonly path: string;
  readonly data?: string | Uint8Array;
  readonly type?: string;
  readonly prefix?: string;
}

/** A ustar archive, with the zeros that end it. */
export function tarBytes(files: readonly TarFile[]): Uint8Array<ArrayBuffer> {
  const blocks = [...files.flatMap((file) => [header(file), padded(bytesOf(file))]), new Uint8Array(1024)];
  const out = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    out.set(block, at);
    at += block.length;
  }
  return out;
}

function bytesOf({ data = '' }: TarFile): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data;
}

function padded(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(data.length / 512) * 512);
  out.set(data);
  return out;
}

function header(file: TarFile): Uint8Array {
  const block = new Uint8Array(512);
  const put = (text: string, at: number): void => block.set(new TextEncoder().encode(text), at);
  put(file.path, 0);
  put(bytesOf(file).length.toString(8).padStart(11, '0'), 124);
  put(' '.repeat(8), 148);
  put(file.type ?? '0', 156);
  put('ustar\0', 257);
  put(file.prefix ?? '', 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0`, 148);
  return block;
}
