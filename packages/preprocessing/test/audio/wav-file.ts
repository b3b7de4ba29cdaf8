/** A chunk of a RIFF file. */
export function chunk(name: string, body: Uint8Array, size: number = body.length): Uint8Array {
  const bytes = new Uint8Array(8 + body.length + (body.length & 1));
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint32(4, size, true);
  bytes.set(body, 8);
  return bytes;
}

export interface WavFormat {
  readonly tag?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  /** Bytes of a frame; default what the others say. */
  readonly frame?: number;
  /** As the chunk of samples has it. */
  readonly size?: number;
}

/** A WAV file of samples that are bytes already. */
export function wavFile(samples: Uint8Array, format: WavFormat = {}): Uint8Array {
  const { tag = 1, bits = 16, channels = 1, sampleRate = 8000, size = samples.length } = format;
  const frame = format.frame ?? (channels * bits) / 8;
  const head = new DataView(new ArrayBuffer(16));
  head.setUint16(0, tag, true);
  head.setUint16(2, channels, true);
  head.setUint32(4, sampleRate, true);
  head.setUint32(8, sampleRate * frame, true);
  head.setUint16(12, frame, true);
  head.setUint16(14, bits, true);
  const chunks = [
    chunk('LIST', Uint8Array.of(1, 2, 3)),
    chunk('fmt ', new Uint8Array(head.buffer)),
    chunk('data', samples, size),
  ];
  return riff(...chunks);
}

export function riff(...chunks: readonly Uint8Array[]): Uint8Array {
  const body = [new TextEncoder().encode('WAVE'), ...chunks].flatMap((bytes) => Array.from(bytes));
  return chunk('RIFF', Uint8Array.from(body));
}
