import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type StepsFile, StepsLost } from '../../store/steps-file.ts';

/** Milliseconds that a call waits for others to come to an end. */
const patience = 20;

export interface StepsOnDiskOptions {
  /** As in `StepsFile`. */
  readonly mostSearched?: number | undefined;
  /** What was opened of such a file, and its bytes. */
  readonly there?: { readonly file: number; readonly size: number } | undefined;
  /** It has no name as soon as it is made, and is gone with its process. */
  readonly isNameless?: boolean | undefined;
}

/** A file that only its index uses: made when something is written first, in the place of one that was there. */
export class StepsOnDisk implements StepsFile {
  readonly mostInMemory: number;
  readonly mostSearched: number;
  readonly #path: string;
  readonly #isNameless: boolean;
  #file: number | undefined;
  #size: number;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  /** When it began to wait, in milliseconds. */
  #since = 0;

  constructor(
    path: string,
    mostInMemory: number,
    { there, isNameless = false, mostSearched = 2 ** 29 }: StepsOnDiskOptions = {},
  ) {
    this.mostSearched = mostSearched;
    this.#isNameless = isNameless;
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

  /** No program goes on for its sake. Where nothing is ever idle, it is called now and then all the same. */
  idle(call: () => boolean): void {
    if (this.#isClosed) return;
    if (this.#timer === undefined) this.#waitFor(call);
    else if (performance.now() - this.#since > patience) {
      clearTimeout(this.#timer);
      this.#callNow(call);
    }
  }

  #waitFor(call: () => boolean): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => this.#callNow(call), 1).unref();
  }

  #callNow(call: () => boolean): void {
    this.#timer = undefined;
    if (call()) this.#waitFor(call);
  }

  close(): void {
    clearTimeout(this.#timer);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#isClosed = true;
    if (this.#isNameless) this.#unlink();
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
    const file = openSync(this.#path, 'wx+');
    if (this.#isNameless) this.#unlink();
    return file;
  }

  /** Windows takes the name of no file that is open: it goes when the file is closed. */
  #unlink(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // As above.
    }
  }
}
