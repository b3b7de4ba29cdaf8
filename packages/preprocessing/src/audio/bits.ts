/** Reads bits of bytes, the highest of each first. */
export class Bits {
  readonly #bytes: Uint8Array;
  #next: number;
  /** Bits of the last byte that are not read yet. */
  #left = 0;

  constructor(bytes: Uint8Array, begin: number) {
    this.#bytes = bytes;
    this.#next = begin;
  }

  /** Of the next whole byte: what is left of one that is begun is passed over. */
  get at(): number {
    this.#left = 0;
    return this.#next;
  }

  /** A whole number of up to 53 bits. @throws {Error} behind the end. */
  read(count: number): number {
    let value = 0;
    for (let missing = count; missing > 0;) {
      if (this.#left === 0) this.#take();
      const taken = Math.min(missing, this.#left);
      this.#left -= taken;
      missing -= taken;
      value = value * (1 << taken) + ((this.#bytes[this.#next - 1]! >> this.#left) & ((1 << taken) - 1));
    }
    return value;
  }

  /** The same in two's complement. */
  readSigned(count: number): number {
    const value = this.read(count);
    return value >= 2 ** (count - 1) ? value - 2 ** count : value;
  }

  /** How many zeros come before the next one, which is read too. */
  readZeros(): number {
    for (let zeros = 0; ;) {
      if (this.#left === 0) this.#take();
      const rest = this.#bytes[this.#next - 1]! & ((1 << this.#left) - 1);
      const width = 32 - Math.clz32(rest);
      zeros += this.#left - width;
      this.#left = Math.max(0, width - 1);
      if (rest > 0) return zeros;
    }
  }

  #take(): void {
    if (this.#next >= this.#bytes.length) throw new Error('samples cut off');
    this.#next++;
    this.#left = 8;
  }
}
