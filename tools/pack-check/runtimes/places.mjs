import { examples } from './examples.mjs';
import { readmes } from './readmes.mjs';
import { types } from './types.mjs';

const ours = ['diptych', '@diptych/model-emoji'];
const polyfills = ['process@0.11.10', 'buffer@6.0.3', 'path-browserify@1.0.1', 'os-browserify@0.3.0'];
const parcelExports = `npm pkg set '@parcel/resolver-default.packageExports=true' --json`;
// Of what is optional: Parcel wants to find every import.
const parcelAlias = `npm pkg set 'alias[@tensorflow/tfjs-backend-webgpu]=false' --json`;

/**
 * A place has a name, `tools` to run it by, what to `install`, `files` of `../places` or, under `examples/`, of an example, and `ways`:
 * each is built, then run by a command, served by one, or its folder is served. A `setting` is one of those
 * files, or a sentence, which docs/runtimes.md shows.
 *
 * @type {Array<{
 *   name: string; tools?: string[]; install?: string[]; files: string[]; commands?: string[]; setting?: string[];
 *   ways: Record<string, {
 *     build?: string; run?: string; serve?: string; folder?: string; get?: string; page?: string; shows?: string;
 *     headers?: Record<string, string>; setting?: string[];
 *     extension?: string; offline?: boolean; impossible?: string;
 *   }>;
 * }>}
 */
export const places = [
  ...['20.19.6', '22.23.5', '24.22.3', '26.12.1'].map(node),
  ...['5.4.21', '6.4.6', '7.3.8'].map((version) => vite(version, ['vite-settings/vite.config.js'])),
  vite('8.3.8'),
  {
    name: 'webpack 5',
    install: [...ours, 'webpack@5.113.0', 'webpack-cli@7.3.1'],
    files: ['page', 'webpack', 'static'],
    ways: { build: { build: 'webpack && cp index.html public', folder: 'public' } },
  },
  {
    name: 'Rollup 4',
    install: [
      ...ours,
      'rollup@4.68.8',
      '@rollup/plugin-node-resolve@16.0.3',
      '@rollup/plugin-commonjs@29.0.3',
      '@web/rollup-plugin-import-meta-assets@2.3.3',
    ],
    files: ['page', 'rollup', 'static'],
    setting: ['rollup/rollup.config.js'],
    ways: { build: { build: 'rollup -c && cp index.html public', folder: 'public' } },
  },
  {
    name: 'esbuild',
    install: [...ours, 'esbuild@0.28.2', '@chialab/esbuild-plugin-meta-url@0.19.2'],
    files: ['page', 'esbuild', 'static'],
    setting: ['esbuild/build.js'],
    ways: { build: { build: 'node build.js && cp index.html public', folder: 'public' } },
  },
  {
    name: 'Parcel 2',
    install: [...ours, 'parcel@2.16.4', ...polyfills],
    files: ['page', 'static'],
    commands: [parcelExports, parcelAlias],
    setting: [
      `\`npm install ${polyfills.join(' ')}\` (of what TensorFlow.js names and no page reaches), \`${parcelExports}\`, \`${parcelAlias}\` (which is optional)`,
    ],
    ways: { build: { build: 'parcel build index.html --no-source-maps && cp picture.png dist', folder: 'dist' } },
  },
  next('15.5.29', ['examples/next-app/next.config.mjs']),
  next('16.4.6', ['examples/next-app/next.config.mjs']),
  {
    name: 'SvelteKit 2',
    install: [
      ...ours,
      '@sveltejs/kit@2.70.4',
      '@sveltejs/adapter-node@5.5.7',
      '@sveltejs/vite-plugin-svelte@7.3.1',
      'svelte@5.57.3',
      'vite@8.3.8',
    ],
    files: ['sveltekit'],
    commands: ['mkdir -p static && cp picture.png static'],
    ways: {
      'dev, page': { serve: 'vite dev --port PORT --host localhost' },
      'build, page': { build: 'vite build', serve: 'node build' },
      'build, endpoint': { serve: 'node build', get: '/embed' },
    },
  },
  {
    name: 'Astro 7',
    tools: ['node@24.22.3'],
    install: [...ours, 'astro@7.3.5', '@astrojs/node@11.1.6'],
    files: ['astro'],
    ways: {
      'dev, page': { serve: 'astro dev --port PORT --host localhost' },
      'build, page': { build: 'astro build', serve: 'HOST=localhost node dist/server/entry.mjs' },
      'build, endpoint': { serve: 'HOST=localhost node dist/server/entry.mjs', get: '/embed' },
    },
  },
  {
    name: 'Bun 1',
    tools: ['bun@1.4.5'],
    files: ['node'],
    commands: [`bun add ${ours.join(' ')}`],
    ways: { '': { run: 'bun main.js' } },
  },
  {
    name: 'Deno 2',
    tools: ['deno@2.9.6'],
    files: ['deno'],
    ways: { '': { run: 'deno run -A main.js' } },
  },
  {
    name: 'workerd',
    install: [...ours, 'miniflare@4.20260730.0', 'esbuild@0.28.2'],
    tools: ['node@24.22.3'],
    files: ['workerd', 'examples/cloudflare-worker/build.js', 'examples/cloudflare-worker/space.js'],
    setting: ['workerd/worker.js', 'examples/cloudflare-worker/space.js', 'examples/cloudflare-worker/build.js'],
    ways: {
      '': { build: 'node build.js', run: 'node run.js' },
      nodejs_compat: { build: 'node build.js', run: 'node run.js nodejs_compat' },
    },
  },
  {
    name: 'Jest 30',
    install: [...ours, 'jest@30.5.2', 'jest-environment-jsdom@30.5.2', 'jest-fixed-jsdom@0.0.11'],
    files: ['jest'],
    ways: { node: jest('jest.config.js'), jsdom: jest('jsdom.config.js', 'environment.js') },
  },
  {
    name: 'Vitest 4',
    tools: ['node@24.22.3'],
    install: [...ours, 'vitest@4.1.12', 'jsdom@31.0.1', 'happy-dom@21.0.4'],
    files: ['vitest'],
    ways: {
      node: { run: 'vitest run' },
      jsdom: { run: 'vitest run --environment jsdom' },
      'happy-dom': { run: 'vitest run --environment happy-dom' },
    },
  },
  {
    name: 'Import map, no bundler',
    install: ours,
    files: ['page', 'import-map'],
    setting: ['import-map/index.html'],
    ways: { '': { folder: '.' } },
  },
  {
    name: 'Content-Security-Policy',
    install: [...ours, 'vite@8.3.8'],
    files: ['page', 'vite'],
    ways: {
      strict: {
        build: 'vite build',
        folder: 'dist',
        ...policy("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"),
      },
      'trusted types': {
        folder: 'dist',
        ...policy("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'"),
      },
      'no WebAssembly': {
        folder: 'dist',
        headers: { 'content-security-policy': "default-src 'self'" },
        impossible: "WebAssembly takes 'wasm-unsafe-eval'; runs on cpu and says so",
      },
    },
  },
  {
    name: 'Service worker, offline',
    install: [...ours, 'vite@8.3.8'],
    files: ['page', 'offline'],
    ways: { '': { build: 'vite build', folder: 'dist', offline: true } },
  },
  {
    name: 'Extension, Manifest V3',
    install: [...ours, 'esbuild@0.28.2', '@chialab/esbuild-plugin-meta-url@0.19.2'],
    files: ['page', 'esbuild', 'extension'],
    setting: ['extension/public/manifest.json', 'esbuild/build.js'],
    ways: {
      page: { build: 'node build.js', extension: 'public', page: '/index.html' },
      'service worker': { extension: 'public' },
    },
  },
  {
    name: 'Yarn 4, Plug’n’Play',
    tools: ['@yarnpkg/cli-dist@4.18.1'],
    files: ['yarn'],
    ...command(`yarn add ${ours.join(' ')} @tensorflow/tfjs-core`),
    ways: { '': { run: 'yarn node main.js' } },
  },
  ...examples,
  ...types,
  ...readmes,
];

/** A setting that is a command. */
function command(text) {
  return { commands: [text], setting: [`\`${text}\` and nothing else.`] };
}

function policy(text) {
  return {
    headers: { 'content-security-policy': text },
    setting: [`\`Content-Security-Policy: ${text}\` and nothing else.`],
  };
}

function jest(config, ...others) {
  return {
    run: `NODE_OPTIONS=--experimental-vm-modules jest --config ${config}`,
    setting: [
      ...[config, ...others].map((file) => `jest/${file}`),
      'Run with `NODE_OPTIONS=--experimental-vm-modules`: the packages are ES modules.',
    ],
  };
}

function node(version) {
  return {
    name: `Node ${version.split('.')[0]}`,
    tools: [`node@${version}`],
    install: ours,
    files: ['node'],
    ways: { import: { run: 'node main.js' }, require: { run: 'node main.cjs' } },
  };
}

function vite(version, setting) {
  return {
    name: `Vite ${version.split('.')[0]}`,
    install: [...ours, `vite@${version}`],
    files: ['page', 'vite', ...(setting ?? [])],
    ways: {
      dev: { serve: 'vite --port PORT --strictPort --host localhost', setting },
      build: { build: 'vite build', folder: 'dist' },
    },
  };
}

function next(version, setting) {
  const serve = 'next start -p PORT';
  return {
    name: `Next ${version.split('.')[0]}`,
    install: [...ours, `next@${version}`, 'react@19.3.1', 'react-dom@19.3.1'],
    files: ['next', 'examples/next-app/next.config.mjs'],
    setting,
    ways: {
      'build, client component': { build: 'next build', serve },
      'build, server component': { serve, get: '/server' },
      'build, route handler': { serve, get: '/api' },
      'dev, client component': { serve: 'next dev -p PORT' },
      'dev, server component': { serve: 'next dev -p PORT', get: '/server' },
      'dev, route handler': { serve: 'next dev -p PORT', get: '/api' },
    },
  };
}
