import { expect, it } from 'vitest';
import { turn } from '../src/index.ts';

it('a turn lets what is due run first, timers too', async () => {
  let ran = false;
  setTimeout(() => (ran = true));
  for (const end = performance.now() + 5; performance.now() < end;);
  for (let i = 0; i < 5; i++) await turn();
  expect(ran).toBe(true);
});

it('a turn rejects with the reason of a signal that is aborted by then', async () => {
  const controller = new AbortController();
  const turned = turn(controller.signal);
  controller.abort('enough');
  await expect(turned).rejects.toBe('enough');
});
