import { expect, test } from 'vitest';
import { embed } from './embed.js';

test('embeds', async () => {
  const embedded = await embed('picture.png');
  process.stdout.write(JSON.stringify(embedded));
  expect(embedded.backend).toBe('wasm');
}, 60_000);
