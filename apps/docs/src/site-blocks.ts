import { transformWithOxc, type Plugin } from 'vite';
import { blocksOf, site } from './blocks.ts';

/** Makes `import('…/site/start/node.md?line=12')` run the block of a page that begins there. */
export function siteBlocks(): Plugin {
  return {
    name: 'site-blocks',
    enforce: 'pre',
    async load(id) {
      const [path = '', line] = id.split('?line=');
      if (line === undefined || !path.startsWith(site)) return null;
      const blocks = await blocksOf(path.slice(site.length));
      const block = blocks.find((each) => each.line === Number(line));
      if (!block) throw new Error(`${path}: no block of code begins on line ${line}`);
      const said = [...block.code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
      // What prints more than its lines say has it in the next block of text.
      const shown = blocks.find((each) => each.language === 'txt' && each.line > block.line);
      const expected = said.length > 0 ? said : shown?.code.trimEnd().split('\n');
      const module = `${block.code}\nexport const expected = ${JSON.stringify(expected)};\n`;
      return transformWithOxc(module, `${path}.ts`, { target: 'es2023' });
    },
  };
}
