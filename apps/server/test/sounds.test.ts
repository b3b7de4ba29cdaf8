import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeGolden, goldenPath } from '@diptych/golden';
import { open, type TextAndAudio } from 'diptych';
import { describe, expect, it, onTestFinished } from 'vitest';
import { givenServer } from './given-server.ts';

const made = new URL('../../../packages/diptych/test/golden/sounds.json', import.meta.url);
const recordings = JSON.parse(readFileSync(made, 'utf8')) as readonly { readonly flac: string; readonly wav: string }[];
const [first, second] = recordings.map(({ flac }) => flac);
const wav = recordings[0]!.wav;
const folder = goldenPath('oracles2/clap');

describeGolden('a model of sounds', () => {
  const given = givenServer({ model: folder, maxImage: 20_000, imageHost: '127.0.0.1' });
  const ask = async (body: object) => given().post('/v1/embeddings', body);

  it('embeds sounds as the space does, as objects or as strings of that modality, besides texts', async () => {
    using space = await open<TextAndAudio>(folder);
    const files = [first!, second!].map((base64) => Buffer.from(base64, 'base64'));
    const sounds = await space.embed('audio', files);
    const texts = await space.embed('text', ['rain']);
    const expected = [...sounds.data, ...texts.data].map((value) => expect.closeTo(value, 5) as number);
    const mixed = [{ audio: `data:audio/flac;base64,${first}` }, { audio: second }, 'rain'];
    const { status, body } = await ask({ input: mixed });
    expect(status).toBe(200);
    expect(body.data.flatMap(({ embedding }) => embedding)).toEqual(expected);
    const strings = await ask({ input: [wav, second], modality: 'audio' });
    expect(strings.body.data.flatMap(({ embedding }) => embedding)).toEqual(expected.slice(0, 32));
  });

  it('reads a sound at an address', async () => {
    const asked: (string | undefined)[] = [];
    const listener = createServer((request, response) => {
      asked.push(request.headers.accept);
      response.end(Buffer.from(wav, 'base64'));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void listener.close());
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const answers = await ask({ input: [{ audio: `http://127.0.0.1:${port}/a.wav` }, { audio: wav }] });
    const [far, near] = answers.body.data;
    expect(far!.embedding).toEqual(near!.embedding);
    expect(asked).toEqual(['audio/*']);
  });

  it('ranks sounds against a sound, and classifies them', async () => {
    const documents = recordings.map(({ flac }) => ({ audio: flac }));
    const ranked = await given().post('/rerank', { query: { audio: wav }, documents, return_documents: true });
    expect(ranked.body.results[0]).toMatchObject({
      index: 0,
      document: documents[0],
      relevance_score: expect.closeTo(1, 5) as number,
    });
    const input = { input: [wav], modality: 'audio', labels: ['rain', 'wind'] };
    const classified = await given().post('/classify', input);
    expect(classified.status).toBe(200);
  });

  it.each<[string, unknown, number, string]>([
    ['an image', [{ image: wav }], 422, 'audio'],
    ['what is no sound', [{ audio: 'aGFsbG8=' }], 422, 'a whole WAV or FLAC file'],
    ['no base64', [{ audio: 'ä' }], 422, 'A sound cannot be read: neither an address nor base64.'],
    ['too many bytes', [{ audio: 'A'.repeat(30_000) }], 413, 'A sound may have 20000 bytes.'],
    ['an address of the machine', [{ audio: 'http://127.0.0.2/a.wav' }], 422, 'The address of a sound cannot be used'],
    ['a text that is said to be a sound', { text: 'rain' }, 400, 'modality'],
  ])('refuses %s', async (_, input, status, message) => {
    const modality = Array.isArray(input) ? undefined : 'audio';
    const answer = await ask({ input, modality });
    expect({ status: answer.status, message: answer.body.error.message }).toEqual({
      status,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('a model of images', () => {
  const given = givenServer();

  it('refuses sounds, and says what it has', async () => {
    const { status, body } = await given().post('/v1/embeddings', { input: [{ audio: wav }] });
    expect(status).toBe(422);
    expect(body.error.message).toContain('expected text or image, got audio');
  });
});
