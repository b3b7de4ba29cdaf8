import { goldenBytes, goldenJson } from '@diptych/golden';
import type { DecodeImage, Filter, Image } from '../../src/index.ts';

/** `decodeImage` of the platform the test runs on. */
export const decodeImage: DecodeImage = async (input, options) => {
  const inNode = typeof process !== 'undefined' && process.versions?.node !== undefined;
  const platform = inNode ? await import('../../src/node.ts') : await import('../../src/index.ts');
  return platform.decodeImage(input, options);
};

export interface PixelValues {
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly sha256_f32le: string;
}

/** What these tests read of `oracles/pil/manifest.json`. */
export interface Manifest {
  readonly sources: Readonly<
    Record<string, { file: string; mode: string; size_wh: [number, number]; sha256_raw: string }>
  >;
  readonly resize: readonly { source: string; filter: Filter; size_wh: [number, number]; sha256_raw: string }[];
  readonly coefficients: readonly {
    in: number;
    out: number;
    filter: Exclude<Filter, 'nearest'>;
    rows: readonly { first: number; int22: number[] }[];
  }[];
  readonly to_rgb: Readonly<Record<string, { sha256_raw: string }>>;
  readonly exif: readonly { orientation: number; file: string; stored: number[][][]; upright: number[][][] }[];
  readonly center_crop: readonly {
    in_hw: [number, number];
    crop_hw: [number, number];
    hf_pil: number[][];
    torchvision: number[][];
  }[];
  readonly shortest_edge_sizes: readonly {
    in_wh: [number, number];
    short: number;
    out_wh: [number, number];
    hf_crop_top_left: [number, number];
    torchvision_crop_top_left: [number, number];
  }[];
  readonly cmyk: { cmyk: number[][]; rgb: number[][] };
  readonly rgb_to_L: { rgb: number[][]; L: number[] };
  readonly sixteen_bit_rgb_png: { values_first_row: number[][] };
  readonly processors: readonly (Record<'hf_clip_pil' | 'hf_siglip_pil' | 'open_clip', PixelValues> & {
    source: string;
    crop_sha256_raw?: string;
  })[];
  readonly jpeg: { file: string; pillow_decoded: string };
}

export function manifest(): Promise<Manifest> {
  return goldenJson<Manifest>('oracles/pil/manifest.json');
}

/** A decoded reference image. */
export async function goldenImage(path: string): Promise<Image> {
  return decodeImage(await goldenBytes(path));
}

export async function sha256(values: Uint8Array | Float32Array): Promise<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An image whose samples count up from 1. */
export function ramp(width: number, height: number, channels: Image['channels'] = 1): Image {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => i + 1);
  return { data, width, height, channels };
}
