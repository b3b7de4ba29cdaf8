import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { Plugin } from 'vite';
import { credit, type Picture, pictures } from './pictures.ts';

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
  readonly width: number;
  readonly height: number;
}

const path = ({ name }: Picture) => `samples/${name.replaceAll(/\W+/g, '-')}.webp`;

/** Draws the samples beside the page; `virtual:samples` has their names, paths and credit. */
export function samples(): Plugin {
  const id = '\0virtual:samples';
  let isBuild = false;
  return {
    name: 'samples',
    configResolved(config) {
      isBuild = config.command === 'build';
    },
    resolveId: (source) => (source === 'virtual:samples' ? id : null),
    async buildStart() {
      if (!isBuild) return;
      for (const picture of pictures) {
        this.emitFile({ type: 'asset', fileName: path(picture), source: await drawn(picture) });
      }
    },
    load(asked) {
      if (asked !== id) return null;
      const list = pictures.map((picture) => ({ name: picture.name, path: path(picture) }));
      return `export const samples = ${JSON.stringify(list)}; export const credit = ${JSON.stringify(credit)};`;
    },
    configureServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        const picture = pictures.find((each) => request.url === `/${path(each)}`);
        if (!picture) return next();
        drawn(picture).then((bytes) => response.setHeader('Content-Type', 'image/webp').end(bytes), next);
      });
    },
  };
}

let set: Promise<IconSet> | undefined;

/** A picture as WebP, the thing in its middle. */
async function drawn({ art, behind: [top, bottom], side = 480 }: Picture): Promise<Buffer> {
  set ??= readFile(fileURLToPath(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json')), 'utf8').then(
    (text) => JSON.parse(text) as IconSet,
  );
  const { icons, width, height } = await set;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 480 480">
    <linearGradient id="behind" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>
    <rect width="480" height="480" fill="url(#behind)"/>
    <svg x="40" y="40" width="400" height="400" viewBox="0 0 ${width} ${height}">${icons[art]!.body}</svg>
  </svg>`;
  return sharp(Buffer.from(svg)).webp({ quality: 90 }).toBuffer();
}
