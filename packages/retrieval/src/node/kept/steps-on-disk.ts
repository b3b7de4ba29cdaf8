import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type StepsFile, StepsLost } from '../../store/steps-file.ts';

/** A file that only its index uses: made when something is written first, in the place of one that was there. */
export class StepsOnDisk implements StepsFile {
  readonly mostInMemory: number;
  readonly #path: string;
  #file: number | undefined;
  #size: number;
  #isClosed = false;

  /** @param there What was opened of such a file, and its bytes. */
  constructor(path: string, mostInMemory: number, there?: { readonly file: number; readonly size: number }) {
    this.mostInMemory = mostInMemory;
    this.#path = path;
    this.#file = there?.file;
    this.#size = there?.size ?? 0;
  }

  read(at: number, to: Uint8Array): void {
    const there = Math.max(0, Math.min(to.length, this.#size - at));
    to.fill(0, there);
    this.#try((file) => {
      for (let done = 0; done < there;) {
        const read = readSync(file, to, done, there - done, at + done);
        if (read === 0) throw new Error(`it ends at byte ${at + done} of ${this.#size}`);
        done += read;
      }
    });
  }

  write(at: number, bytes: Uint8Array): void {
    this.#try((file) => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, at + done);
      }
      this.#size = Math.max(this.#size, at + bytes.length);
    });
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#isClosed = true;
  }

  #try(call: (file: number) => void): void {
    try {
      if (this.#isClosed) throw new Error('it is closed');
      call((this.#file ??= this.#make()));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StepsLost(`${this.#path}: ${why}`, { cause });
    }
  }

  #make(): number {
    rmSync(this.#path, { force: true });
    return openSync(this.#path, 'wx+');
  }
}
