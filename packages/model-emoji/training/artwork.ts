import { decodeImage } from '@diptych/preprocessing/node';

/** A square picture, its colour multiplied by its alpha: `[size, size, 4]`. */
export interface Artwork {
  readonly size: number;
  readonly data: Uint8Array;
}

/** Over black a picture is its multiplied colour; what white adds is what alpha leaves free. */
export async function readArtwork(path: string): Promise<Artwork> {
  const black = await decodeImage(path, { background: [0, 0, 0] });
  const white = await decodeImage(path, { background: [255, 255, 255] });
  const data = new Uint8Array(black.width * black.height * 4);
  for (let from = 0, to = 0; to < data.length; from += 3, to += 4) {
    data.set(black.data.subarray(from, from + 3), to);
    data[to + 3] = 255 - (white.data[from + 1]! - black.data[from + 1]!);
  }
  return { size: black.width, data };
}
