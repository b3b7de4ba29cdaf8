import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

/** Pictures that are shown. */
const count = 240;

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
  readonly width: number;
  readonly height: number;
}

/** `virtual:pictures`: names and drawings of some of Fluent Emoji Flat (Microsoft, MIT), evenly chosen. */
function pictures(): Plugin {
  const id = '\0virtual:pictures';
  return {
    name: 'pictures',
    resolveId: (source) => (source === 'virtual:pictures' ? id : null),
    load(asked) {
      if (asked !== id) return null;
      const set = fileURLToPath(import.meta.resolve('@iconify-json/fluent-emoji-flat/icons.json'));
      const { icons, width, height } = JSON.parse(readFileSync(set, 'utf8')) as IconSet;
      const all = Object.entries(icons).filter(
        ([name]) => !/-(?:dark|medium-dark|medium|medium-light|light)$/.test(name),
      );
      const chosen = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]!);
      const drawn = chosen.map(([name, { body }]) => ({
        name: name.replaceAll('-', ' '),
        svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${body}</svg>`,
      }));
      return `export default ${JSON.stringify(drawn)}`;
    },
  };
}

// With these headers memory can be shared, and the kernels have threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  plugins: [pictures()],
  worker: { format: 'es' },
  resolve: { conditions: ['@diptych/source', ...defaultClientConditions] },
  server: { headers },
  preview: { headers },
});
