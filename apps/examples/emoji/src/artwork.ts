import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJson, type JsonKind, parseJson } from '@diptych/core';
import sharp from 'sharp';

/** One picture of the icon set. */
export interface Artwork {
  /** As `grinning-cat`. */
  readonly name: string;
  /** The same emoji as text. */
  readonly character: string;
  readonly svg: string;
}

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
  readonly width: number;
  readonly height: number;
}

const skinTone = /-(?:dark|medium-dark|medium|medium-light|light)$/;

/** Every emoji of Fluent Emoji Flat (Microsoft, MIT) without a skin tone, as an npm package brings it. */
export async function artworks(): Promise<Artwork[]> {
  const [{ icons, width, height }, characters] = await Promise.all([
    read<IconSet>(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json')),
    read<Readonly<Record<string, string>>>(import.meta.resolve('@iconify-json/fluent-emoji-flat/chars.json')),
  ]);
  const codes = new Map(Object.entries(characters).map(([code, name]) => [name, code]));
  return Object.entries(icons).flatMap(([name, { body }]) => {
    const code = codes.get(name);
    if (!code || skinTone.test(name)) return [];
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${body}</svg>`;
    return [{ name, character: characterOf(code), svg }];
  });
}

/** PNG of `size` by `size` pixels. */
export async function drawPng(svg: string, size: number): Promise<Uint8Array> {
  return new Uint8Array(await sharp(Buffer.from(svg)).resize(size, size).png().toBuffer());
}

/** `1f408-200d-2b1b` as text. */
function characterOf(code: string): string {
  return String.fromCodePoint(...code.split('-').map((part) => Number.parseInt(part, 16)));
}

/** 9 MB, in which some pictures take several KB. */
const iconJson: JsonKind = { ...configJson, maxLong: 4096 };

async function read<T>(url: string): Promise<T> {
  return parseJson(await readFile(fileURLToPath(url)), url, iconJson) as T;
}
