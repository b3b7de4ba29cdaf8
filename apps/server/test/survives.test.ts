import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { emoji } from '@diptych/model-emoji';
import { type EmbeddingSpace, open } from 'diptych';
import { bundled } from '@diptych/golden';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnswerBody, givenServer } from './given-server.ts';

const texts = Array.from({ length: 50 }, (_, i) => `thing number ${i}`);

describe('a model process that is killed', () => {
  const given = givenServer({ replicas: 2, batchSize: 4 });

  it('loses its own requests alone, each answered 503, and is replaced', async () => {
    const { model } = given().server.models.loaded[0]!;
    expect(model.pids).toHaveLength(2);
    const [victim] = model.pids;
    const expected = await given().space.embed('text', texts);
    let isKilled = false;
    const answers: { status: number; body: AnswerBody; at: number }[] = [];
    const client = async (at: number): Promise<void> => {
      for (let i = at; i < 1000; i += 20) {
        const place = i % texts.length;
        const { status, body } = await given().post('/v1/embeddings', { input: texts[place] });
        answers.push({ status, body, at: place });
        if (i > 300 && !isKilled) {
          isKilled = true;
          process.kill(victim!, 'SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, async (_, i) => client(i)));
    const right = answers.filter(({ status }) => status === 200);
    const lost = answers.filter(({ status }) => status === 503);
    expect(right.length + lost.length).toBe(1000);
    expect(lost.length).toBeLessThanOrEqual(8); // Two batches of four.
    for (const { body, at } of right) expectRow(body.data[0]!.embedding, expected.data, at);
    for (const { body } of lost)
      expect(body.error).toMatchObject({ type: 'server_error', code: 'backend_unavailable' });
    while (model.pids.length < 2) await pause(50);
    expect(model.pids).not.toContain(victim);
    expect((await given().post('/v1/embeddings', { input: 'x' })).status).toBe(200);
    expect(await (await fetch(`${given().server.url}/metrics`)).text()).toContain(
      'diptych_processes_lost_total{model="emoji"} 1',
    );
  });
});

describe('a model process that dies while it is written to', () => {
  const given = givenServer({ batchSize: 1, batchWait: 0 });

  it('loses what it was given alone, and is replaced', async () => {
    const { model } = given().server.models.loaded[0]!;
    const [victim] = model.pids;
    process.kill(victim!, 'SIGKILL');
    const uncaught: unknown[] = [];
    const note = (error: unknown): void => void uncaught.push(error);
    process.on('uncaughtExceptionMonitor', note); // Vitest passes over those of pipes.
    const isDead = (): boolean => /^State:\tZ[^]*^Threads:\t1$/m.test(readFileSync(`/proc/${victim}/status`, 'latin1'));
    while (!isDead()); // Without a turn in which this process would hear of it.
    const { signal } = new AbortController();
    const options = { modality: 'text', normalize: true, truncate: 'END' } as const;
    const asked = texts.slice(0, 3).map(async (text) => model.embed([text], options, signal));
    const [first, second, third] = await Promise.allSettled(asked);
    for (const lost of [first, second])
      expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'BACKEND_UNAVAILABLE' } });
    process.off('uncaughtExceptionMonitor', note);
    expect(uncaught).toEqual([]);
    const expected = await given().space.embed('text', texts[2]!);
    expect(third).toMatchObject({ status: 'fulfilled', value: [{ values: expected.data }] });
  });
});

describe('the command', () => {
  let space: EmbeddingSpace;
  beforeAll(async () => {
    space = await open(emoji);
  });
  afterAll(() => space.dispose());

  it('answers on SIGTERM all that it has accepted, and ends', async () => {
    const { child, url } = await started(['--port', '0', '--batch-wait', '1000', '--batch-size', '64']);
    const expected = await space.embed('text', texts);
    const answers: { status: number; row: number[]; at: number }[] = [];
    const ask = async (at: number): Promise<void> => {
      const body = JSON.stringify({ input: texts[at] });
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}/v1/embeddings`, { method: 'POST', headers, body });
      const read = (await answer.json()) as { data: { embedding: number[] }[] };
      answers.push({ status: answer.status, row: read.data[0]!.embedding, at });
    };
    const accepted = texts.map(async (_, at) => ask(at));
    const waiting = 'diptych_queue_items{model="emoji"} 50';
    while (!(await (await fetch(`${url}/metrics`)).text()).includes(waiting)) await pause(5);
    child.kill('SIGTERM');
    const failures: (string | undefined)[] = [];
    const late = texts.map(async (_, at) => {
      await pause(at);
      await ask(at).catch((error: { cause?: { code?: string } }) => failures.push(error.cause?.code));
    });
    await Promise.all(accepted);
    await Promise.all(late);
    expect(failures.filter((code) => !/^(?:ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/.test(code ?? ''))).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(texts.length);
    for (const { status, row, at } of answers) {
      expect(status).toBe(200);
      expectRow(row, expected.data, at);
    }
    if (child.exitCode === null) await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');
  });

  it('is not ready while it stops, as it says to whoever had begun to ask', async () => {
    const { child, url } = await started(['--port', '0']);
    const { hostname, port } = new URL(url);
    const isReady = (await fetch(`${url}/ready`)).status;
    const asking = connect(Number(port), hostname);
    asking.write('GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n');
    const end = once(child, 'exit');
    // A whole request on a connection made later: the begun one has been read.
    await fetch(`${url}/health`);
    child.kill('SIGTERM');
    const isOpen = async (): Promise<boolean> =>
      fetch(`${url}/health`).then(
        () => true,
        () => false,
      );
    while (await isOpen()) await pause(20);
    asking.write('\r\n');
    const answer = await textOf(asking);
    expect([isReady, answer.split('\r\n')[0], answer.includes('{"status":"not ready"}')]).toEqual([
      200,
      'HTTP/1.1 503 Service Unavailable',
      true,
    ]);
    await end;
  });

  it('says which setting is wrong', async () => {
    const { code, told } = await ended(['--batch-size', 'many']);
    expect(told).toContain('setting batchSize');
    expect(code).toBe(1);
  });

  it('says which model does not open', async () => {
    const { code, told } = await ended(['--port', '0', '--model', './no-such-folder']);
    expect(told).toContain("Model 'no-such-folder' does not load");
    expect(code).toBe(1);
  });
});

async function started(args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [bundled('src/main.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let told = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    told += text;
    const url = /"url":"([^"]+)"/.exec(told)?.[1];
    if (url !== undefined) {
      child.stdout.resume();
      return { child, url };
    }
  }
  throw new Error(`it has ended: ${told}`);
}

async function ended(args: readonly string[]): Promise<{ code: number | null; told: string }> {
  const child = spawn(process.execPath, [bundled('src/main.ts'), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  await once(child, 'close');
  return { code: child.exitCode, told };
}

function expectRow(row: readonly number[], all: Float32Array, at: number): void {
  const worst = Math.max(...row.map((v, j) => Math.abs(v - all[at * row.length + j]!)));
  expect(worst).toBeLessThanOrEqual(1e-6);
}
