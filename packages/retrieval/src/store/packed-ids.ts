import { EmbeddingError } from '@diptych/core';
import { grown } from './grown.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** So many others before one mean that somebody chose the ids: the engine's own tables are made for that. */
const mostProbes = 128;
const removed = -1;
const mostBytes = 2 ** 32 - 1;

/**
 * Texts by slot, side by side in UTF-8, and the slot of each: a quarter of what strings and a `Map` of them take, and
 * nothing that garbage collection has to walk. What is removed keeps its bytes.
 */
export class PackedIds {
  #bytes = new Uint8Array(0);
  /** Where each begins, and where the last ends. */
  #starts = new Uint32Array(64);
  #there = new Uint8Array(0);
  /** By hash: slots plus 1, 0 where there is none. */
  #table = new Int32Array(64);
  #used = 0;
  #map: Map<string, number> | undefined;
  #key = new Uint8Array(256);
  readonly #seed = Math.floor(2 ** 32 * Math.random());
  length = 0;
  size = 0;

  slotOf(id: string): number | undefined {
    if (this.#map) return this.#map.get(id);
    const place = this.#placeOf(this.#encode(id));
    return place === undefined ? undefined : this.#table[place]! - 1;
  }

  has(slot: number): boolean {
    return this.#there[slot] === 1;
  }

  /** `undefined` for one that was removed. */
  at(slot: number): string | undefined {
    return this.has(slot) ? this.#text(slot) : undefined;
  }

  /** One that is not there: its slot is the next. */
  add(id: string): number {
    const bytes = this.#encode(id);
    const slot = this.length;
    const start = this.#starts[slot]!;
    if (start + bytes > mostBytes) {
      throw new EmbeddingError('OUT_OF_MEMORY', `store: expected ids of at most ${mostBytes} bytes in all, got more`);
    }
    this.#bytes = grown(this.#bytes, start + bytes);
    this.#bytes.set(this.#key.subarray(0, bytes), start);
    this.#starts = grown(this.#starts, slot + 2);
    this.#starts[slot + 1] = start + bytes;
    this.#there = grown(this.#there, slot + 1);
    this.#there[slot] = 1;
    this.length++;
    this.size++;
    if (!this.#map && 2 * ++this.#used > this.#table.length) this.#rehash();
    else if (!this.#map) this.#enter(slot, this.#key, 0, bytes);
    this.#map?.set(id, slot);
    return slot;
  }

  /** Makes room for so many, so that what is there is copied once. */
  reserve(count: number): void {
    this.#starts = grown(this.#starts, count + 1);
    this.#there = grown(this.#there, count);
    this.#rehash(count);
  }

  /** The slot that it had. */
  remove(id: string): number | undefined {
    const slot = this.slotOf(id);
    if (slot === undefined) return undefined;
    if (!this.#map?.delete(id)) this.#table[this.#placeOf(this.#encode(id))!] = removed;
    this.#there[slot] = 0;
    this.size--;
    return slot;
  }

  /** Its bytes go to `#key`; their number. */
  #encode(id: string): number {
    if (this.#key.length < 3 * id.length) this.#key = new Uint8Array(6 * id.length);
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code > 127) return encoder.encodeInto(id, this.#key).written;
      this.#key[i] = code;
    }
    return id.length;
  }

  #text(slot: number): string {
    return decoder.decode(this.#bytes.subarray(this.#starts[slot], this.#starts[slot + 1]));
  }

  /** Where the table has what is in `#key`. */
  #placeOf(bytes: number): number | undefined {
    const mask = this.#table.length - 1;
    for (let place = hash(this.#key, 0, bytes, this.#seed) & mask; ; place = (place + 1) & mask) {
      const slot = this.#table[place]! - 1;
      if (slot === -1) return undefined;
      if (slot >= 0 && this.#isKey(slot, bytes)) return place;
    }
  }

  #isKey(slot: number, bytes: number): boolean {
    const start = this.#starts[slot]!;
    if (this.#starts[slot + 1]! - start !== bytes) return false;
    for (let i = 0; i < bytes; i++) if (this.#bytes[start + i] !== this.#key[i]) return false;
    return true;
  }

  #enter(slot: number, from: Uint8Array, start: number, end: number): void {
    const mask = this.#table.length - 1;
    let place = hash(from, start, end, this.#seed) & mask;
    for (let probes = 0; this.#table[place] !== 0; place = (place + 1) & mask) {
      if (++probes > mostProbes) return this.#useMap();
    }
    this.#table[place] = slot + 1;
  }

  #rehash(count = 2 * this.size): void {
    let length = 64;
    while (length < 2 * count) length *= 2;
    this.#table = new Int32Array(length);
    this.#used = this.size;
    for (let slot = 0; slot < this.length && !this.#map; slot++) {
      if (this.has(slot)) this.#enter(slot, this.#bytes, this.#starts[slot]!, this.#starts[slot + 1]!);
    }
  }

  #useMap(): void {
    this.#table = new Int32Array(0);
    this.#map = new Map();
    for (let slot = 0; slot < this.length; slot++) if (this.has(slot)) this.#map.set(this.#text(slot), slot);
  }
}

/** FNV-1a, mixed once more, since the table takes the lowest bits. */
function hash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let sum = seed;
  for (let i = start; i < end; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}
