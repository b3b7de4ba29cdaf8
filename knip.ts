import type { KnipConfig } from 'knip';

export default {
  // A README's example is run by a test: what it imports is a dependency like any other.
  compilers: { md: (text: string) => /```ts\n([^]*?)```/.exec(text)?.[1] ?? '' },
  ignoreExportsUsedInFile: { interface: true, type: true },
  // Of the system, for tests of pipes and terminals.
  ignoreBinaries: ['mkfifo', 'script'],
  workspaces: {
    '.': {
      entry: ['*.md'],
      project: ['*.{ts,md}', 'tools/*.{ts,mjs}', 'tools/pack-check/{,runtimes/}*.mjs', 'tools/release/*.{ts,mjs}'],
      // Projects that check:runtimes copies out of the workspace.
      ignore: ['tools/pack-check/places/**'],
    },
    bench: {
      entry: [
        'src/{main,accuracy,batches,captions,captions-run,fleet-worker,preprocessing,startup,startup-files,startup-ours,startup-onnx,startup-whole,startup-whole-files,search,collecting,servers,servers-memory,servers-onnx,servers-library,stores-report,training,convolution,threads,chromium,page}.ts',
      ],
      project: ['src/**'],
    },
    'packages/model-emoji': {
      entry: ['{README,MODEL_CARD}.md', 'training/{train,evaluate}.ts'],
      project: ['{src,test,training}/**', '*.{ts,md}'],
    },
    'apps/docs': {
      entry: [
        'README.md',
        'live/{live-search,embedder,bench,bench-worker,vite.config}.ts',
        'src/write-*.ts',
        'tools/*.ts',
        'site/.vitepress/config.ts',
        'site/.vitepress/theme/{index,*.data}.ts',
        'site/project/*.paths.ts',
      ],
      project: ['{src,test,live,tools}/**', 'site/.vitepress/**/*.{ts,vue}', 'site/**/*.paths.ts', '*.{ts,md}'],
      // Blocks of the pages import them, and the reference is made of them.
      ignoreDependencies: ['@diptych/.+', '@tensorflow/.+', '@iconify-json/.+', 'typedoc-plugin-markdown'],
    },
    'apps/photos': {
      entry: ['README.md', 'src/{service-worker.ts,hub/main.tsx}', 'test/harness/{main.tsx,fill.ts}', 'tools/*.ts'],
      project: ['{src,test,samples,server,tools}/**', '*.{ts,md}'],
    },
    // Started by their files.
    'apps/cli': {
      entry: ['README.md', 'test/hostile/{child,mutated,mutated-parquet}.ts'],
      project: ['{src,test}/**', '*.{ts,md}'],
    },
    'apps/server': {
      entry: ['README.md', 'src/models/replica-process.ts'],
      project: ['{src,test}/**', '*.{ts,md}'],
    },
    'packages/alignment': {
      entry: ['README.md', 'test/training/fit-child.ts'],
      project: ['{src,test}/**', '*.{ts,md}'],
    },
    'packages/checkpoint': {
      entry: ['README.md', 'test/node/replace-child.ts'],
      project: ['{src,test}/**', '*.{ts,md}'],
    },
    'packages/preprocessing': {
      entry: ['README.md', 'test/node/hostile-child.ts'],
      project: ['{src,test,tools}/**', '*.{ts,md}'],
    },
    'packages/model-photo': {
      entry: ['{README,MODEL_CARD}.md', 'building/{build-weights,evaluate}.ts'],
      project: ['{src,test,building}/**', '*.{ts,md}'],
    },
    'packages/retrieval': {
      entry: [
        'README.md',
        'test/store/{killed-page/page,{killed,concurrent,lock,full-disk,full-disk-index}-child}.ts',
        'test/postgres/pglite-process.ts',
      ],
      project: ['{src,test}/**', '*.{ts,md}'],
    },
    '{apps,packages}/**': { entry: ['{README,REPORT}.md'], project: ['{src,test,tools}/**', '*.{ts,md}'] },
  },
} satisfies KnipConfig;
