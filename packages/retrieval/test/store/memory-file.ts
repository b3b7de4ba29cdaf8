import { type StepsFile, StepsLost } from '../../src/store/steps-file.ts';

/** A file in memory, which takes so many bytes; `rest` does some of what is for idle times, `false` when that was the last. */
export function memoryFile(
  mostInMemory: number,
  size: number = 2 ** 20,
  mostSearched: number = size,
): StepsFile & { rest(): boolean } {
  const bytes = new Uint8Array(size);
  let isOpen = true;
  let whenIdle: (() => boolean) | undefined;
  const check = (end: number) => {
    if (!isOpen || end > size) throw new StepsLost('no room');
  };
  return {
    mostInMemory,
    mostSearched,
    read(at, to) {
      check(at + to.length);
      to.set(bytes.subarray(at, at + to.length));
    },
    write(at, from) {
      check(at + from.length);
      bytes.set(from, at);
    },
    idle: (call) => (whenIdle ??= call),
    rest: () => whenIdle?.() ?? false,
    close: () => (isOpen = false),
  };
}
