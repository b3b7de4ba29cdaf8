import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { defineConfig } from 'vitepress';
import { breakWell } from '../../src/break-well.ts';
import { laterProgram } from '../../src/later-program.ts';
import { llmsText, textPages } from '../../src/llms.ts';
import { description, nav, reading, sidebar } from './contents.ts';

// With these headers memory can be shared, and the kernels of the playground have threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  lang: 'en-GB',
  title: 'diptych',
  description,
  cleanUrls: true,
  head: [
    ['link', { rel: 'icon', href: '/logo.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', media: '(prefers-color-scheme: light)', content: '#fbf9f4' }],
    ['meta', { name: 'theme-color', media: '(prefers-color-scheme: dark)', content: '#15130f' }],
  ],
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-dimmed' }, config: breakWell },
  themeConfig: {
    logo: { src: '/logo.svg', width: 22, height: 22 },
    nav,
    sidebar,
    outline: [2, 3],
    // The reference is four fifths of all words, and would be drawn a second time to be searched.
    search: {
      provider: 'local',
      options: {
        _render: (text, env, md) => (env.relativePath.startsWith('api/') ? '' : md.render(text, env)),
      },
    },
    socialLinks: [{ icon: 'github', link: 'https://github.com/diptych/diptych' }],
    footer: { message: 'Apache-2.0' },
  },
  transformHtml: (html, _, { page }) => (page === 'index.md' ? laterProgram(html) : html),
  // Pages as text beside pages, and lists of them for readers that are no browsers.
  async buildEnd({ outDir }) {
    const pages = await textPages(reading);
    const files = [
      ...pages,
      { path: 'llms.txt', text: llmsText(description, pages) },
      { path: 'llms-full.txt', text: pages.map(({ text }) => text).join('\n\n') },
    ];
    for (const { path, text } of files) {
      mkdirSync(dirname(`${outDir}/${path}`), { recursive: true });
      writeFileSync(`${outDir}/${path}`, `${text.trimEnd()}\n`);
    }
  },
  vite: {
    server: { headers },
    preview: { headers },
  },
});
