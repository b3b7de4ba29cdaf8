import { readFile } from 'node:fs/promises';
import { type Plugin, transformWithOxc } from 'vite';

/**
 * Makes `import('../README.md?example')` run the first TypeScript block of a README, `?example=2` the second.
 *
 * The module exports `expected`: what the comments behind its `console.log` lines say is printed.
 */
export function readmeExample(): Plugin {
  return {
    name: 'readme-example',
    enforce: 'pre',
    async load(id) {
      const [path, query] = id.split('?');
      const [name, place = '1'] = query?.split('=') ?? [];
      if (name !== 'example' || !path?.endsWith('.md')) return null;
      const code = [...(await readFile(path, 'utf8')).matchAll(/```ts\n([^]*?)```/g)][Number(place) - 1]?.[1];
      if (!code) throw new Error(`${path}: no \`\`\`ts block`);
      const expected = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
      const module = `${code}\nexport const expected = ${JSON.stringify(expected)};\n`;
      return transformWithOxc(module, `${path}.ts`, { target: 'es2023' });
    },
  };
}
