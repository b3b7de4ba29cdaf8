import { defineConfig } from 'vitepress';
import { description, nav, sidebar } from './contents.ts';

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
  markdown: { theme: { light: 'github-light-high-contrast', dark: 'github-dark-dimmed' } },
  themeConfig: {
    logo: '/logo.svg',
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
  vite: {
    server: { headers },
    preview: { headers },
  },
});
