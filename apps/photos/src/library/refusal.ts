import { EmbeddingError } from '@diptych/core';

/** A file that is left out, and why. */
export interface Refusal {
  readonly id: string;
  readonly source: string;
  readonly path: string;
  readonly reason: string;
}

const pictures = /\.(?:jpe?g|jfif|png|gif|webp|avif|bmp|tiff?)$/i;
const heic = /\.(?:heic|heif|hif)$/i;
const raw = /\.(?:3fr|arw|cr2|cr3|crw|dng|erf|iiq|kdc|mef|mos|mrw|nef|nrw|orf|pef|raf|raw|rw2|rwl|sr2|srf|srw|x3f)$/i;
const video = /\.(?:3gp|avi|m4v|mkv|mov|mp4|mpe?g|mts|webm|wmv)$/i;

/** Whether a folder has it for itself, and nobody would miss it. */
export function isHidden(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || /^(?:thumbs\.db|desktop\.ini)$/i.test(part));
}

/** Why a file is no picture, by its name; `undefined` for one that may be. RAW files look like TIFF from within. */
export function refusalByName(name: string): string | undefined {
  if (heic.test(name)) return 'HEIC is not read by this browser: export it as JPEG';
  if (raw.test(name)) return 'a RAW file: export it as JPEG';
  if (video.test(name)) return 'a video, not a picture';
  if (pictures.test(name)) return undefined;
  return 'not a picture: JPEG, PNG, WebP, AVIF, GIF, BMP and TIFF are read';
}

/** Why a file could not be embedded, in a line. */
export function refusalByError(error: unknown): string {
  if (!(error instanceof EmbeddingError))
    return `it cannot be read: ${error instanceof Error ? error.message : 'for no reason that is told'}`;
  if (error.code === 'IMAGE_TOO_LARGE') return `too many pixels: ${error.got}`;
  if (error.code === 'UNSUPPORTED') return 'this browser does not read its format: export it as JPEG';
  if (error.code === 'IMAGE_INVALID') return 'damaged, or no picture';
  return error.message;
}
