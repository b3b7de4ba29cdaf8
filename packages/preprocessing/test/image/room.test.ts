import { describe, expect, it } from 'vitest';
import { room } from '../../src/image/decode.ts';

const soon = () => new Promise((resolve) => setTimeout(resolve));

describe('room', () => {
  it('lets in what fits, in order, and the next when a place is returned', async () => {
    const enter = room(10);
    const inside: string[] = [];
    const ask = async (name: string, size: number) => {
      const leave = await enter(size);
      inside.push(name);
      return leave;
    };
    const [a, b, c, d] = [ask('a', 6), ask('b', 4), ask('c', 6), ask('d', 1)];
    await soon();
    expect(inside).toEqual(['a', 'b']);
    (await b)();
    await soon();
    expect(inside).toEqual(['a', 'b']);
    (await a)();
    await Promise.all([c, d]);
    expect(inside).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets in what is larger than all of it when it is alone', async () => {
    const enter = room(10);
    const leave = await enter(1);
    let large = false;
    const asked = enter(50).then((done) => {
      large = true;
      return done;
    });
    await soon();
    expect(large).toBe(false);
    leave();
    (await asked)();
    (await enter(10))();
  });

  it('forgets who no longer waits', async () => {
    const enter = room(1);
    const leave = await enter(1);
    const controller = new AbortController();
    const reason = new Error('enough');
    const given = enter(1, controller.signal);
    const next = enter(1);
    controller.abort(reason);
    await expect(given).rejects.toBe(reason);
    leave();
    (await next)();
  });
});
