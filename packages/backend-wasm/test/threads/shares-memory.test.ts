import { afterEach, expect, it, vi } from 'vitest';
import { sharesMemory } from '../../src/threads/shares-memory.ts';

const possible = typeof SharedArrayBuffer === 'function';

afterEach(() => vi.unstubAllGlobals());

/** For one thread and for several, in a place with these globals. */
function shared(place: Readonly<Record<string, unknown>>): readonly boolean[] {
  const globals = { crossOriginIsolated: undefined, Worker: undefined, process: undefined, navigator: {}, ...place };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  const answers = [1, 2].map(sharesMemory);
  vi.unstubAllGlobals();
  return answers;
}

it('memory is shared where threads are, and in Node for its files', () => {
  expect(shared({ process: { versions: { node: '20.19.6' } } })).toEqual([possible, possible]);
  expect(shared({ crossOriginIsolated: true, Worker: {} })).toEqual([false, possible]);
  expect(shared({ Worker: {} })).toEqual([false, possible]);
});

it('memory is not shared where no thread can be: in other pages, and at the edge', () => {
  expect(shared({ crossOriginIsolated: false, Worker: {} })).toEqual([false, false]);
  expect(shared({})).toEqual([false, false]);
  const nodeCompat = { process: { versions: { node: '22.19.0' } }, navigator: { userAgent: 'Cloudflare-Workers' } };
  expect(shared(nodeCompat)).toEqual([false, false]);
});
