import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hub } from '@diptych/files/node';
import { type HostileCase, type HostileKind, nested } from './case.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';
const listing = (siblings: string) => `{"sha":"${sha}","siblings":${siblings}}`;
const file = (fields: string) => listing(`[{"rfilename":"config.json",${fields}}]`);
const long = 'a'.repeat(20_005);

/** A hub that answers every request so. */
async function openFrom(answer: () => Response): Promise<unknown> {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'hostile-'));
  const fetch = () => Promise.resolve(answer());
  return hub('org/model', {
    endpoint: 'https://hub.example',
    cacheFolder,
    token: undefined,
    offline: false,
    fetch,
  }).open('config.json');
}

const endless = () => new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(new Uint8Array(2 ** 20).fill(0x20)) });

const table: readonly (readonly [name: string, answer: () => Response, code: string, says: RegExp])[] = [
  ['no JSON', () => new Response('<html>'), 'NETWORK', /hub\.example: expected JSON, got '<html>'/],
  ['null', () => new Response('null'), 'NETWORK', /expected sha and siblings/],
  ['a list', () => new Response('[]'), 'NETWORK', /expected sha and siblings/],
  ['100,000 levels', () => new Response(nested(1e5)), 'NETWORK', /at most 64 levels, got more at byte 64/],
  ['2,000,000 values', () => new Response(listing(`[${'1,'.repeat(2e6)}1]`)), 'NETWORK', /at most 1048576 values/],
  ['a body without end', () => new Response(endless()), 'NETWORK', /hub\.example/],
  [
    'a commit of another kind',
    () => new Response('{"sha":"../x","siblings":[]}'),
    'NETWORK',
    /expected sha and siblings, got "\.\.\/x"/,
  ],
  ['a commit of 20,005 letters', () => new Response(`{"sha":"${long}","siblings":[]}`), 'NETWORK', /expected sha.*…/],
  [
    'a file in the parent',
    () => new Response(listing('[{"rfilename":"../x","size":1}]')),
    'NETWORK',
    /expected a path, size and hash/,
  ],
  [
    'a file of 60,000 letters',
    () => new Response(listing(`[{"rfilename":"${'a'.repeat(6e4)}","size":1}]`)),
    'NETWORK',
    /path, size and hash, got.*…/,
  ],
  ['a negative size', () => new Response(file('"size":-1,"blobId":"x"')), 'NETWORK', /expected a path, size and hash/],
  [
    'a hash of 60 levels',
    () => new Response(file(`"size":1,"blobId":${nested(58)}`)),
    'NETWORK',
    /expected a path, size and hash/,
  ],
  [
    'a hash that is a path',
    () => new Response(file('"size":1,"blobId":"../../../../../../../../../../etc/passwd"')),
    'NETWORK',
    /path, size and hash/,
  ],
  ['a message that steers a terminal', () => new Response('', { status: 500, statusText: 'x' }), 'NETWORK', /HTTP 500/],
];

const cases: readonly HostileCase[] = table.map(([name, answer, code, says]) => ({
  name,
  code,
  says: new RegExp(`^org/model.*(${says.source})`, 's'),
  run: async () => openFrom(answer),
}));

export const kind: HostileKind = {
  cases,
  honest: async () => openFrom(() => new Response(listing('[]'))),
};
