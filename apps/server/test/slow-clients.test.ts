import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { givenServer } from './given-server.ts';

const head = 'POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** Writes to a connection, piece by piece, until the other side has enough. */
type Misuse = (socket: Socket) => Promise<void>;

async function dribble(socket: Socket, text: Iterable<string>): Promise<void> {
  for (const piece of text) {
    if (socket.destroyed || socket.writableEnded) return;
    socket.write(piece);
    await pause(50);
  }
}

function* endless(piece: string): Generator<string> {
  for (;;) yield piece;
}

const misuses: readonly [name: string, told: RegExp, misuse: Misuse][] = [
  ['nothing at all', /^(?:HTTP\/1.1 408 .*)?$/s, async () => {}],
  ['a head a byte at a time', /^(?:HTTP\/1.1 408 .*)?$/s, async (socket) => dribble(socket, head.repeat(100))],
  ['a header without end', /^(?:HTTP\/1.1 431 .*)?$/s, async (socket) => {
    socket.write(`${head}X-Long: `);
    await dribble(socket, endless('x'.repeat(4096)));
  }],
  ['10,000 headers', /^(?:HTTP\/1.1 431 .*)?$/s, async (socket) => {
    socket.write(head + Array.from({ length: 10_000 }, (_, i) => `h${i}: 1\r\n`).join(''));
  }],
  ['a body a byte at a time', /^(?:HTTP\/1.1 408 .*)?$/s, async (socket) => {
    socket.write(`${head}Content-Length: 100000\r\n\r\n`);
    await dribble(socket, endless(' '));
  }],
  ['chunks of a byte', /^(?:HTTP\/1.1 408 .*)?$/s, async (socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    await dribble(socket, endless('1\r\n \r\n'));
  }],
  ['chunks without end', /^(?:HTTP\/1.1 413 .*request_too_large.*)?$/s, async (socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    await dribble(socket, endless(`8000\r\n${' '.repeat(0x8000)}\r\n`));
  }],
  ['no second request', /^HTTP\/1.1 200 .*embedding/s, async (socket) => {
    socket.write(`${head}Content-Length: 13\r\n\r\n{"input":"x"}`);
  }],
]; // prettier-ignore

describe('clients that keep a connection busy or idle', () => {
  const given = givenServer({ headTimeout: 1000, requestTimeout: 2000, idleTimeout: 1000, maxBody: 200_000 });

  it('are cut, while others are answered', async () => {
    const { hostname, port } = new URL(given().server.url);
    const left = new Set(Array.from({ length: 3 * misuses.length }, (_, i) => i));
    const cut = Array.from(left, async (i) => {
      const [name, , misuse] = misuses[i % misuses.length]!;
      const socket = connect(Number(port), hostname);
      let told = '';
      socket.on('error', () => {}); // Reset, where the server has not read what was sent.
      socket.on('data', (data) => (told += data.toString('latin1')));
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      await once(socket, 'connect');
      await misuse(socket);
      await closed;
      left.delete(i);
      return { name, told };
    });
    const expected = await given().space.embed('text', 'x');
    while (left.size > 0) {
      const { status, body } = await given().post('/v1/embeddings', { input: 'x' });
      expect(status).toBe(200);
      expect(body.data[0]!.embedding).toEqual([...expected.data]);
      await pause(20);
    }
    const byName = new Map(misuses.map(([name, told]) => [name, told]));
    for (const { name, told } of await Promise.all(cut))
      expect({ name, told }).toEqual({ name, told: expect.stringMatching(byName.get(name)!) });
    const counted = await (await fetch(`${given().server.url}/metrics`)).text();
    expect(counted).not.toMatch(/status="5/);
    expect(given().server.models.loaded[0]!.model.waiting).toBe(0);
  });
});
