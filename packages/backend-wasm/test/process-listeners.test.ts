import { expect, it } from 'vitest';
import { useBackend } from '../src/index.ts';
import { keepProcessListeners } from '../src/process-listeners.ts';

const events = ['uncaughtException', 'unhandledRejection'] as const;
const emitter: NodeJS.EventEmitter = process;
const listeners = () => events.map((event) => emitter.listeners(event).length);

it('starting wasm leaves no handler on the process', async () => {
  const before = listeners();
  await useBackend('wasm');
  expect(listeners()).toEqual(before);
});

it('handlers that others install meanwhile stay', async () => {
  const mine = () => undefined;
  await keepProcessListeners(async () => process.on('unhandledRejection', mine));
  expect(process.listeners('unhandledRejection')).toContain(mine);
  process.removeListener('unhandledRejection', mine);
});
