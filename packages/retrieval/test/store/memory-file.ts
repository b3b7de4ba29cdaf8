import { type StepsFile, StepsLost } from '../../src/store/steps-file.ts';

/** A file in memory, which takes so many bytes. */
export function memoryFile(mostInMemory: number, size = 2 ** 20): StepsFile {
  const bytes = new Uint8Array(size);
  let isOpen = true;
  const check = (end: number) => {
    if (!isOpen || end > size) throw new StepsLost('no room');
  };
  return {
    mostInMemory,
    read(at, to) {
      check(at + to.length);
      to.set(bytes.subarray(at, at + to.length));
    },
    write(at, from) {
      check(at + from.length);
      bytes.set(from, at);
    },
    close: () => (isOpen = false),
  };
}
