import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pictures = fileURLToPath(new URL('../../../apps/docs/site/public/photos', import.meta.url));
const packages = ['diptych', '@diptych/model-emoji', '@diptych/retrieval'];
const answers = { get: '/?words=Hund', shows: 'dog.png' };

/** Examples that this repository installs nothing for: each is started as its README says, and asked for a dog in German. */
export const examples = [
  {
    name: 'Example bun',
    tools: ['bun@1.4.5'],
    files: ['examples/bun'],
    commands: [`bun add ${packages.join(' ')}`],
    prepare: photos('photos'),
    ways: { '': { serve: 'bun server.js', ...answers } },
  },
  {
    name: 'Example deno',
    tools: ['deno@2.9.6'],
    files: ['examples/deno'],
    prepare: photos('photos'),
    ways: { '': { serve: 'deno run -A server.js', ...answers } },
  },
  {
    name: 'Example cloudflare-worker',
    tools: ['node@24.22.3'],
    install: [
      'diptych',
      '@diptych/backend-wasm',
      '@diptych/files',
      '@diptych/model-emoji',
      'miniflare@4.20260730.0',
      'esbuild@0.28.2',
    ],
    files: ['examples/cloudflare-worker'],
    ways: { '': { build: 'node build.js', serve: 'node run.js', ...answers, shows: 'dog' } },
  },
  {
    name: 'Example next-app',
    install: [...packages, 'next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1'],
    files: ['examples/next-app'],
    prepare: photos('public/photos'),
    ways: { '': { build: 'next build', serve: 'next start -p PORT', ...answers } },
  },
];

/** Those of the site stand for a user's. */
function photos(folder) {
  return (project) => cp(pictures, join(project, folder), { recursive: true });
}
