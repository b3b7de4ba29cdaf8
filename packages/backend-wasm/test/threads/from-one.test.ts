import { expect, it } from 'vitest';
import { useBackend } from '../../src/index.ts';

const inNode = typeof document === 'undefined';

it('one thread at the first start: others may come in Node, where the memory is shared in any case', async () => {
  expect(await useBackend('wasm', { threads: 1 })).toMatchObject({ threads: 1 });
  expect(await useBackend('wasm', { threads: 2 })).toMatchObject({ threads: inNode ? 2 : 1 });
});
