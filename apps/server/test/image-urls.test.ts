import { createSocket, type Socket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resolve } from '../src/files/address-check.ts';
import { disc, givenServer } from './given-server.ts';

/** A listener of this machine that nobody of the outside may reach. */
let reached: string[] = [];
let listener: Server;
let port: number;
/** A name server that answers a public address first and a private one ever after. */
let nameServer: Socket;
const asked = new Map<string, number>();
let names: dns.Resolver;

beforeAll(async () => {
  const png = await disc('red');
  listener = createServer((request, response) => {
    reached.push(String(request.url));
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const to = searchParams.get('to');
    if (pathname === '/image.png') response.writeHead(200, { 'Content-Type': 'image/png' }).end(png);
    else if (pathname === '/redirect') response.writeHead(302, { Location: to! }).end();
    else if (pathname === '/endless') {
      response.writeHead(200);
      const more = (): void => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    } else if (pathname === '/silent') response.writeHead(200).write('x');
    else response.writeHead(404).end();
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  port = (listener.address() as AddressInfo).port;
  nameServer = createSocket('udp4', (query, from) => {
    const name = nameIn(query);
    const times = (asked.get(name) ?? 0) + 1;
    asked.set(name, times);
    const address = name.startsWith('private') ? '10.0.0.1' : times === 1 ? '198.51.100.7' : '127.0.0.1';
    nameServer.send(
      answerTo(query, name.startsWith('rebinding') && times === 1 ? '93.184.216.34' : address),
      from.port,
      from.address,
    );
  });
  nameServer.bind(0, '127.0.0.1');
  await once(nameServer, 'listening');
  names = new dns.Resolver({ timeout: 2000, tries: 1 });
  names.setServers([`127.0.0.1:${nameServer.address().port}`]);
});
afterAll(() => {
  listener.closeAllConnections();
  listener.close();
  nameServer.close();
});

const resolve: Resolve = async (host) => {
  if (host === 'trusted.test') return [{ address: '127.0.0.1', family: 4 }];
  if (host.replace(/\.$/, '') === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
  if (host === 'both.test') {
    return [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
  }
  return (await names.resolve4(host)).map((address) => ({ address, family: 4 }));
};

describe('addresses that strangers name', () => {
  const given = givenServer({ imageHost: 'trusted.test', imageTimeout: 1500, maxImage: 200_000 }, { resolve });
  const ask = async (image: string) => given().post('/v1/embeddings', { input: [{ image }] });

  it.each([
    'http://127.0.0.1:PORT/image.png',
    'http://127.1:PORT/image.png',
    'http://127.0.1:PORT/image.png',
    'http://2130706433:PORT/image.png',
    'http://017700000001:PORT/image.png',
    'http://0177.0.0.1:PORT/image.png',
    'http://0x7f000001:PORT/image.png',
    'http://0x7f.0.0.1:PORT/image.png',
    'http://0x7f.1:PORT/image.png',
    'http://127.0.0.1.:PORT/image.png',
    'http://0:PORT/image.png',
    'http://0.0.0.0:PORT/image.png',
    'http://[::1]:PORT/image.png',
    'http://[::]:PORT/image.png',
    'http://[::ffff:127.0.0.1]:PORT/image.png',
    'http://[::ffff:7f00:1]:PORT/image.png',
    'http://[0:0:0:0:0:ffff:7f00:0001]:PORT/image.png',
    'http://[::127.0.0.1]:PORT/image.png',
    'http://[64:ff9b::7f00:1]:PORT/image.png',
    'http://[2002:7f00:1::]:PORT/image.png',
    'http://[fe80::1]:PORT/image.png',
    'http://[fc00::1]:PORT/image.png',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://localhost:PORT/image.png',
    'http://localhost.:PORT/image.png',
    'http://LOCALHOST:PORT/image.png',
    'http://①②⑦.⓪.⓪.①:PORT/image.png',
    'http://127。0。0。1:PORT/image.png',
    'http://user:secret@127.0.0.1:PORT/image.png',
    'http://example.com@127.0.0.1:PORT/image.png',
    'http://user@trusted.test:PORT/image.png',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.100.100.200/latest/meta-data/',
    'http://10.0.0.1/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://both.test:PORT/image.png',
    'http://private.test:PORT/image.png',
    'http://trusted.test:PORT/redirect?to=http://127.0.0.1:PORT/image.png',
    'http://trusted.test:PORT/redirect?to=http://0x7f.1:PORT/image.png',
    'http://trusted.test:PORT/redirect?to=file:///etc/passwd',
    'http://trusted.test:PORT/redirect?to=//localhost:PORT/image.png',
    'file:///etc/passwd',
    'file://localhost/etc/passwd',
    'gopher://127.0.0.1:PORT/_GET',
    'ftp://127.0.0.1:PORT/image.png',
    'dict://127.0.0.1:PORT/',
    'javascript:alert(1)',
    'blob:http://127.0.0.1:PORT/x',
    'http:///image.png',
    'http://[::1',
  ])('%s reaches nothing', async (address) => {
    reached = [];
    const { status, body } = await ask(address.replaceAll('PORT', String(port)));
    expect(body.error).toMatchObject({ code: expect.stringMatching(/^image_/) });
    expect(status).toBe(422);
    expect(reached.filter((path) => !path.startsWith('/redirect'))).toEqual([]);
  });

  it('a name that is public when it is looked up and private after it', async () => {
    reached = [];
    const address = `http://rebinding.test:${port}/image.png`;
    for (let i = 0; i < 2; i++) expect((await ask(address)).status).toBe(422);
    expect(asked.get('rebinding.test')).toBeGreaterThanOrEqual(2);
    expect(reached).toEqual([]);
  });

  it('a host that is trusted by name, and its redirects to itself', async () => {
    const direct = await ask(`http://trusted.test:${port}/image.png`);
    const led = await ask(`http://trusted.test:${port}/redirect?to=/redirect?to=/image.png`);
    const expected = await given().space.embed('image', await disc('red'));
    for (const { status, body } of [direct, led]) {
      expect(status).toBe(200);
      const row: number[] = body.data[0]!.embedding;
      expect(Math.max(...row.map((v, j) => Math.abs(v - expected.data[j]!)))).toBeLessThanOrEqual(1e-6);
    }
  });

  it('an image without end, one that dribbles, and redirects in a circle', async () => {
    expect(await ask(`http://trusted.test:${port}/endless`)).toMatchObject({ status: 413 });
    expect(await ask(`http://trusted.test:${port}/silent`)).toMatchObject({ status: 422 });
    const circle = await ask(`http://trusted.test:${port}/redirect?to=/redirect%3Fto=/redirect%3Fto=x`);
    expect(circle).toMatchObject({ status: 422 });
    expect((await ask(`http://trusted.test:${port}/nothing`)).body.error.message).toContain('404');
  });
});

describe('addresses where they are not followed', () => {
  const given = givenServer({ imageUrls: 'false', imageHost: 'trusted.test' }, { resolve });

  it('are refused before anything is asked', async () => {
    reached = [];
    const { status } = await given().post('/v1/embeddings', {
      input: [{ image: `http://trusted.test:${port}/image.png` }],
    });
    expect(status).toBe(422);
    expect(reached).toEqual([]);
  });
});

function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; query[at] !== 0; at += query[at]! + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]!));
  }
  return labels.join('.');
}

/** One A record, which may not be kept. */
function answerTo(query: Buffer, address: string): Buffer {
  const end = query.indexOf(0, 12) + 5;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([head, query.subarray(12, end), record]);
}
