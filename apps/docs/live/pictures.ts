import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/** A picture that the playground searches. */
export interface Picture {
  readonly name: string;
  readonly svg: string;
}

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string } | undefined>>;
  readonly width: number;
  readonly height: number;
}

// Things that both models know; Fluent Emoji Flat, Microsoft, MIT.
const names =
  'dog-face cat-face horse elephant penguin owl shark butterfly red-apple banana strawberry pizza hamburger hot-beverage ' +
  'ice-cream bread rocket airplane bicycle sailboat bus locomotive guitar violin trumpet drum soccer-ball basketball ' +
  'umbrella umbrella-with-rain-drops backpack camera laptop telephone hammer key sunflower tulip cactus mushroom ' +
  'castle tent mountain volcano snowman candle teddy-bear crown';

/** `virtual:pictures`: what the playground searches. */
export function pictures(): Plugin {
  const id = '\0virtual:pictures';
  return {
    name: 'pictures',
    resolveId: (source) => (source === 'virtual:pictures' ? id : null),
    load(asked) {
      if (asked !== id) return null;
      const path = createRequire(import.meta.url).resolve('@iconify-json/fluent-emoji-flat/icons.json');
      return `export default ${JSON.stringify(drawn(JSON.parse(readFileSync(path, 'utf8'))))}`;
    },
  };
}

function drawn({ icons, width, height }: IconSet): Picture[] {
  return names.split(' ').map((name) => {
    const drawing = icons[name];
    if (!drawing) throw new Error(`Fluent Emoji Flat: expected ${name}`);
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${drawing.body}</svg>`;
    return { name: name.replaceAll('-', ' '), svg };
  });
}
