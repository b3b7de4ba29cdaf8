import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { type StepsFile, StepsLost } from '../../store/steps-file.ts';

export interface StepsOnDiskOptions {
  /** What was opened of such a file, and its bytes. */
  readonly there?: { readonly file: number; readonly size: number } | undefined;
  /** It has no name as soon as it is made, and is gone with its process. */
  readonly isNameless?: boolean | undefined;
}

/** A file that only its index uses: made when something is written first, in the place of one that was there. */
export class StepsOnDisk implements StepsFile {
  readonly mostInMemory: number;
  readonly #path: string;
  readonly #isNameless: boolean;
  #file: number | undefined;
  #size: number;
  #isClosed = false;

  constructor(path: string, mostInMemory: number, { there, isNameless = false }: StepsOnDiskOptions = {}) {
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

  close(): void {
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
