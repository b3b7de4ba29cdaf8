import type { DefaultTheme } from 'vitepress';
import { apiPages } from '../../src/api-packages.ts';

export const description =
  'Text and images in one vector space, in TypeScript: open published models, embed, search, classify, train and align, in Node and in the browser.';

const page = ([text, link]: readonly [string, string]) => ({ text, link });
const group = (text: string, ...pages: readonly (readonly [string, string])[]) => ({ text, items: pages.map(page) });

export const nav: DefaultTheme.NavItem[] = [
  { text: 'Get started', link: '/start/install', activeMatch: '/start/' },
  { text: 'Guides', link: '/guides/photo-search', activeMatch: '/guides/' },
  { text: 'Models', link: '/models' },
  { text: 'Benchmarks', link: '/benchmarks' },
  { text: 'API', link: '/api/diptych', activeMatch: '/api/' },
];

/** All pages but the reference. */
export const reading = [
  group(
    'Start',
    ['Install', '/start/install'],
    ['A search in Node', '/start/node'],
    ['A search in a page', '/start/browser'],
  ),
  group(
    'Guides',
    ['Photo search', '/guides/photo-search'],
    ['Zero-shot tags', '/guides/zero-shot'],
    ['Semantic text search', '/guides/semantic-search'],
    ['Duplicates', '/guides/duplicates'],
    ['Search by picture and words', '/guides/product-search'],
    ['Train on your own pairs', '/guides/train'],
    ['Align two models by CCA', '/guides/align'],
    ['Evaluate', '/guides/evaluate'],
    ['Quantise and convert', '/guides/quantise'],
    ['Serve and scale out', '/guides/serve'],
    ['Offline and private', '/guides/offline'],
  ),
  group(
    'Concepts',
    ['One space', '/concepts/one-space'],
    ['Towers', '/concepts/towers'],
    ['The modality gap', '/concepts/modality-gap'],
    ['Joint or coordinated', '/concepts/joint-or-coordinated'],
    ['Exact or approximate', '/concepts/search'],
  ),
  group(
    'Coming from',
    ['transformers.js', '/from/transformers-js'],
    ['sentence-transformers', '/from/sentence-transformers'],
    ['open_clip', '/from/open-clip'],
    ['clip-retrieval', '/from/clip-retrieval'],
  ),
  group(
    'Reference',
    ['Models', '/models'],
    ['Runtimes', '/project/runtimes'],
    ['Errors', '/errors/'],
    ['Benchmarks', '/benchmarks'],
    ['In your browser', '/your-browser'],
    ['The same numbers as Python', '/project/parity'],
    ['API', '/api/diptych'],
  ),
  group(
    'Project',
    ['Versions', '/project/versioning'],
    ['Changes', '/project/changes'],
    ['Performance in full', '/project/performance'],
    ['In production', '/project/deployment'],
    ['Many machines', '/project/fleet'],
    ['Threat model', '/project/threat-model'],
    ['Architecture', '/project/architecture'],
    ['Decisions', '/project/decisions'],
  ),
];

export const sidebar: DefaultTheme.Sidebar = {
  '/': reading,
  '/api/': [
    group('API', ...apiPages.map(({ name, path }) => [name, `/api/${path}`] as const)),
    group('Back', ['Guides', '/start/install']),
  ],
};
