import { setTimeout as pause } from 'node:timers/promises';

export interface Load {
  readonly count: number;
  readonly atOnce: number;
  readonly warm: number;
}

/** Clients of a server that answers as OpenAI does, each with one of the bodies at a time. */
export class Clients {
  /** How often each status has been answered. */
  readonly statuses = new Map<number, number>();
  readonly #url: string;
  readonly #bodies: readonly string[];

  constructor(url: string, bodies: readonly string[]) {
    this.#url = url;
    this.#bodies = bodies;
  }

  async #ask(i: number): Promise<string> {
    const headers = { 'Content-Type': 'application/json' };
    const body = this.#bodies[i % this.#bodies.length]!;
    const answer = await fetch(this.#url, { method: 'POST', headers, body });
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    return answer.text();
  }

  /**
   * So many at a time, for as long as it takes to answer `warm` and then `count` requests.
   *
   * @param mark Called when the warm ones are answered, and again when the others are.
   */
  async saturate({ count, atOnce, warm }: Load, mark: (answered: number) => void): Promise<void> {
    let [asked, answered] = [0, 0];
    const client = async (): Promise<void> => {
      while (answered < warm + count) {
        await this.#ask(asked++);
        answered++;
        if (answered === warm || answered === warm + count) mark(answered);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, client));
  }

  /**
   * So many requests, so many a second, whether those before are answered or not.
   *
   * @returns Milliseconds from when each was due to its answer, in ascending order.
   */
  async spread(count: number, rate: number): Promise<number[]> {
    const begun = performance.now();
    const took = Array.from({ length: count }, async (_, i) => {
      const due = begun + (1000 * i) / rate;
      await pause(Math.max(0, due - performance.now()));
      await this.#ask(i);
      return performance.now() - due;
    });
    return (await Promise.all(took)).toSorted((a, b) => a - b);
  }

  /** The vector of a body, which asks for base64. */
  async row(i: number): Promise<Float32Array> {
    const { data } = JSON.parse(await this.#ask(i)) as { data: [{ embedding: string }] };
    return new Float32Array(Uint8Array.from(Buffer.from(data[0].embedding, 'base64')).buffer);
  }
}
