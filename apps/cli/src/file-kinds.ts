import type { ImageInput } from '@diptych/preprocessing';
import type { AudioInput } from '@diptych/preprocessing/audio';
import { probeImage, probeSound } from './image-index/probe.ts';

/** Files of one modality. */
export interface FileKind {
  readonly modality: 'image' | 'audio';
  /** What messages call them, and the options that name one or say where they are. */
  readonly singular: 'image' | 'sound';
  readonly plural: 'images' | 'sounds';
  /** What a folder is searched for, files that cannot be read among them. A file named outright is taken whatever its name. */
  readonly extensions: readonly string[];
  /** What never changes, with something in it for every model: an index knows by its row who made the others. */
  readonly probe: () => ImageInput | AudioInput;
}

export const imageFiles: FileKind = {
  modality: 'image',
  singular: 'image',
  plural: 'images',
  extensions: ['jpg', 'jpeg', 'jfif', 'png', 'webp', 'gif', 'avif', 'heic', 'heif', 'tif', 'tiff', 'bmp'],
  probe: probeImage,
};

export const soundFiles: FileKind = {
  modality: 'audio',
  singular: 'sound',
  plural: 'sounds',
  extensions: ['wav', 'flac', 'mp3', 'ogg', 'oga', 'opus', 'm4a', 'aac', 'aif', 'aiff', 'wma'],
  probe: probeSound,
};

/** What an index is of. */
export interface Searched {
  readonly kind: FileKind;
  /** Folders, globs and files. */
  readonly operands: readonly string[];
}

/** The sounds that options name, or else the images. */
export function searchedFiles(options: {
  readonly images?: readonly string[];
  readonly sounds?: readonly string[];
}): Searched {
  const { images = [], sounds } = options;
  return sounds ? { kind: soundFiles, operands: sounds } : { kind: imageFiles, operands: images };
}

/** By its name. */
export function isOfKind({ extensions }: FileKind, path: string): boolean {
  return extensions.includes(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
}
