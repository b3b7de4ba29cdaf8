import type { StepsFile } from '../../store/steps-file.ts';

const blockBytes = 2 ** 16;

/** Steps of a file that others read too: what is written goes to another one, a block at a time. */
export class SharedSteps implements StepsFile {
  readonly mostInMemory: number;
  readonly mostSearched: number;
  readonly #base: StepsFile;
  readonly #own: StepsFile;
  /** Those that are in the other file. */
  readonly #blocks = new Set<number>();

  /** @param own For what is written; empty. */
  constructor(base: StepsFile, own: StepsFile) {
    this.mostInMemory = base.mostInMemory;
    this.mostSearched = base.mostSearched;
    this.#base = base;
    this.#own = own;
  }

  read(at: number, to: Uint8Array): void {
    for (let done = 0; done < to.length;) {
      const isOwn = this.#isOwn(at + done);
      let end = this.#endOfBlock(at + done);
      while (end - at < to.length && this.#isOwn(end) === isOwn) end += blockBytes;
      const some = to.subarray(done, end - at);
      (isOwn ? this.#own : this.#base).read(at + done, some);
      done += some.length;
    }
  }

  write(at: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const last = at + bytes.length - 1;
    this.#copy(at);
    this.#copy(last);
    this.#own.write(at, bytes);
    for (let start = at; start <= last; start = this.#endOfBlock(start))
      this.#blocks.add(Math.floor(start / blockBytes));
  }

  idle(call: () => boolean): void {
    this.#own.idle(call);
  }

  close(): void {
    this.#base.close();
    this.#own.close();
  }

  /** The block of a byte, of which some may be written over. */
  #copy(at: number): void {
    if (this.#isOwn(at)) return;
    const start = this.#endOfBlock(at) - blockBytes;
    const block = new Uint8Array(blockBytes);
    this.#base.read(start, block);
    this.#own.write(start, block);
    this.#blocks.add(start / blockBytes);
  }

  #isOwn(at: number): boolean {
    return this.#blocks.has(Math.floor(at / blockBytes));
  }

  #endOfBlock(at: number): number {
    return (Math.floor(at / blockBytes) + 1) * blockBytes;
  }
}
