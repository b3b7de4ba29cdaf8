/** One file of an archive, and how its listing lies. */
export interface ZipFile {
  readonly name: string;
  readonly data: Uint8Array;
  /** 0: stored; 8: deflated. */
  readonly method?: number;
  readonly flags?: number;
  /** Instead of the true size, in bytes. */
  readonly declared?: number;
  /** Instead of the true place of the local header. */
  readonly begin?: number;
}

export interface ZipOptions {
  /** Write every size and place in its 64-bit field. */
  readonly zip64?: boolean;
  readonly comment?: string;
}

const u16 = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string) => new TextEncoder().encode(value);
const wide = 0xffffffff;

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A zip archive of stored files. */
export function zipBytes(files: readonly ZipFile[], { zip64 = false, comment = '' }: ZipOptions = {}) {
  let body = new Uint8Array();
  const listing = files.map((file) => {
    const begin = body.length;
    body = concat(body, localHeader(file), text(file.name), file.data);
    return listed({ begin, ...file }, zip64);
  });
  const directory = concat(...listing);
  const counts = { entries: files.length, size: directory.length, begin: body.length };
  const end64 = zip64 ? endRecord64(counts, body.length + directory.length) : new Uint8Array();
  return concat(
    body,
    directory,
    end64,
    endRecord(zip64 ? { entries: 0xffff, size: wide, begin: wide } : counts, comment),
  );
}

function localHeader({ name, data, method = 0, flags = 0 }: ZipFile): Uint8Array {
  const sizes = concat(u32(data.length), u32(data.length), u16(text(name).length), u16(0));
  return concat(u32(0x04034b50), u16(20), u16(flags), u16(method), u32(0), u32(0), sizes);
}

function listed({ name, data, method = 0, flags = 0, declared, begin = 0 }: ZipFile, zip64: boolean): Uint8Array {
  const size = declared ?? data.length;
  const extra = zip64 ? concat(u16(1), u16(24), u64(size), u64(data.length), u64(begin)) : new Uint8Array();
  return concat(
    concat(u32(0x02014b50), u16(20), u16(20), u16(flags), u16(method), u32(0), u32(0)),
    concat(u32(zip64 ? wide : data.length), u32(zip64 ? wide : size), u16(text(name).length), u16(extra.length)),
    concat(u16(0), u16(0), u16(0), u32(0), u32(zip64 ? wide : begin)),
    concat(text(name), extra),
  );
}

type Counts = { readonly entries: number; readonly size: number; readonly begin: number };

function endRecord({ entries, size, begin }: Counts, comment: string): Uint8Array {
  const counts = concat(u16(entries), u16(entries), u32(size), u32(begin));
  return concat(u32(0x06054b50), u16(0), u16(0), counts, u16(comment.length), text(comment));
}

function endRecord64({ entries, size, begin }: Counts, at: number): Uint8Array {
  const counts = concat(u64(entries), u64(entries), u64(size), u64(begin));
  const record = concat(u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), counts);
  return concat(record, u32(0x07064b50), u32(0), u64(at), u32(1));
}
