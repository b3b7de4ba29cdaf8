import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNpy } from '@diptych/datasets';
import { directory } from '@diptych/files/node';
import { RequestError } from '@nats-io/transport-node';
import { natsCommand, type NatsServers, natsServers } from '@diptych/testkit/nats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fleetStatus,
  folderSink,
  openFleet,
  retryDead,
  type Shard,
  shardsOf,
  submit,
  verify,
  work,
} from '../src/index.ts';
import { fleetOf, images, lengths, model, submitted, temporaryFolder, worker } from './fleet-of.ts';

const command = natsCommand();
let servers!: NatsServers;

beforeAll(async () => {
  if (command !== undefined) servers = await natsServers(command);
});
afterAll(async () => servers?.remove());

describe.skipIf(command === undefined)('a job', () => {
  it('is embedded by two workers, each item once, what cannot be read told', async () => {
    const fleet = await fleetOf(servers.urls, 'two');
    const { names } = await submitted(fleet, { count: 23, shardSize: 5, empty: [7] });
    const folder = await temporaryFolder();
    expect(await fleetStatus(fleet)).toMatchObject({
      submitted: true,
      shards: 5,
      waiting: 5,
      inWork: 0,
      done: 0,
      items: 0,
    });
    const other = await fleetOf(servers.urls, 'two');
    const worked = await Promise.all([work(fleet, await worker('a', folder)), work(other, await worker('b', folder))]);
    expect(worked.map(({ shards }) => shards).reduce((a, b) => a + b)).toBe(5);
    const sink = await folderSink(folder);
    expect(await verify(fleet, { sink })).toEqual({ shards: 5, items: 23, rows: 22, skipped: 1, problems: [] });
    expect(await fleetStatus(fleet)).toMatchObject({
      waiting: 0,
      inWork: 0,
      done: 5,
      dead: [],
      items: 23,
      skipped: 1,
      redelivered: 0,
    });
    const rows: number[][] = [];
    for (let shard = 0; shard < 5; shard++) {
      const npy = await openNpy(directory(folder), `img_emb/img_emb_00000${shard}.npy`);
      const data = await npy.read(0, npy.shape[0]);
      for (let i = 0; i < npy.shape[0]; i++) rows.push([...data.subarray(2 * i, 2 * i + 2)]);
    }
    const expected = names.flatMap((_, i) => (i === 7 ? [] : [[1 + (i % 7), i % 251]]));
    expect(rows).toEqual(expected);
    expect((await sink.find(1))!.skipped).toEqual([
      { place: 2, name: '7.jpg', problem: expect.stringContaining('IMAGE_INVALID') as string },
    ]);
    expect(await readdir(join(folder, '.partial'))).toEqual([]);
  });

  it('refuses a worker with another model, and a second plan; the same again is the same', async () => {
    const fleet = await fleetOf(servers.urls, 'same');
    const { plan, names } = await submitted(fleet, { count: 3 });
    const other = { ...model, files: 'others' };
    await expect(work(fleet, { ...(await worker('a', await temporaryFolder())), model: other })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('files "f"') as string,
    });
    const again = shardsOf(plan.data, names);
    expect(await submit(fleet, plan, again)).toEqual({ shards: 1, items: 3, before: true });
    await expect(submit(fleet, { ...plan, precision: 'int8' }, again)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('that nobody submitted is not found', async () => {
    const fleet = await fleetOf(servers.urls, 'none');
    await expect(fleetStatus(fleet)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(verify(fleet, { sink: await folderSink(await temporaryFolder()) })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('gives a shard up with the reason, and hands it out again when told', async () => {
    const fleet = await fleetOf(servers.urls, 'dead');
    await submitted(fleet, { count: 6, shardSize: 2 });
    const folder = await temporaryFolder();
    let isBroken = true;
    const space = lengths((name) => {
      if (isBroken && name.endsWith('/3.jpg')) throw new Error('no memory');
    });
    const options = { ...(await worker('a', folder, space)), maxDeliver: 2 };
    expect(await work(fleet, options)).toEqual({ shards: 2, rows: 4, skipped: 0, dead: 1 });
    const dead = expect.objectContaining({ shard: 1, reason: 'Error: no memory', deliveries: 2 }) as object;
    expect(await fleetStatus(fleet)).toMatchObject({ done: 2, waiting: 0, dead: [dead], redelivered: 1 });
    const sink = await folderSink(folder);
    expect((await verify(fleet, { sink })).problems).toEqual(['shard 1: expected its rows, got none']);
    isBroken = false;
    expect(await retryDead(fleet)).toBe(1);
    expect(await retryDead(fleet)).toBe(0);
    expect(await work(fleet, options)).toEqual({ shards: 1, rows: 2, skipped: 0, dead: 0 });
    expect((await verify(fleet, { sink })).problems).toEqual([]);
  });

  it('goes on elsewhere at once when a worker is told to stop, or cannot write', async () => {
    const stopped = new AbortController();
    const first = await fleetOf(servers.urls, 'stopped', { signal: stopped.signal });
    await submitted(first, { count: 8, shardSize: 4 });
    const folder = await temporaryFolder();
    const space = lengths((name) => {
      if (name.endsWith('/1.jpg')) stopped.abort(new Error('enough'));
    });
    await expect(work(first, await worker('a', folder, space))).rejects.toThrow('enough');
    const second = await fleetOf(servers.urls, 'stopped');
    const broken = await worker('b', await temporaryFolder());
    const full = { ...broken.sink, put: async () => Promise.reject(new Error('ENOSPC')) };
    await expect(work(second, { ...broken, sink: full })).rejects.toThrow('ENOSPC');
    expect((await work(second, await worker('c', folder))).shards).toBe(2);
    expect((await verify(second, { sink: await folderSink(folder) })).problems).toEqual([]);
    expect((await fleetStatus(second)).redelivered).toBeGreaterThan(0);
  });

  it('outlives a server that is killed and started again, which is said once', async () => {
    const notes: string[] = [];
    const fleet = await fleetOf(servers.urls, 'restarted', { onNote: (line) => notes.push(line) });
    // What was on its way when the server went is handed out again after this time.
    await submitted(fleet, { count: 12, shardSize: 2, ackWait: 3000 });
    const folder = await temporaryFolder();
    const space = lengths(async (name) => {
      if (!name.endsWith('/4.jpg') || notes.length > 0) return;
      await servers.kill('n0');
      setTimeout(() => void servers.start('n0'), 1500);
    });
    await work(fleet, await worker('a', folder, space));
    expect((await verify(fleet, { sink: await folderSink(folder) })).problems).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('does not answer'), 'NATS answers again']);
  });

  it('is asked for again where nobody answers, as while servers choose a leader', async () => {
    const notes: string[] = [];
    const fleet = await fleetOf(servers.urls, 'election', { onNote: (line) => notes.push(line) });
    // As the client has it of a server that is there and has no leader.
    const silent = new Error('jetstream is not enabled', { cause: new RequestError('no responders') });
    silent.name = 'JetStreamNotEnabled';
    const errors = [silent];
    const call = async () => {
      const error = errors.pop();
      if (error) throw error;
      return 'an answer';
    };
    expect(await fleet.persist(call)).toBe('an answer');
    expect(notes).toEqual([expect.stringContaining('jetstream is not enabled'), 'NATS answers again']);
  });

  it('of archives is embedded from the archives', async () => {
    const { root } = await images(0);
    await writeFile(join(root, 'a.tar'), tarOf(['x.jpg', 'y.jpg', 'z.jpg']));
    await writeFile(join(root, 'b.tar'), tarOf(['x.jpg']));
    const data = { kind: 'webdataset', root } as const;
    const shards: Shard[] = [];
    for await (const shard of shardsOf(data, ['a.tar', 'b.tar'], { shardSize: 2 })) shards.push(shard);
    expect(shards.map(({ archive, begin, items }) => [archive, begin, items])).toEqual([
      ['a.tar', 0, 2],
      ['a.tar', 2, 1],
      ['b.tar', 0, 1],
    ]);
    const fleet = await fleetOf(servers.urls, 'archives');
    await submit(fleet, { data, model, precision: 'float32' }, shards);
    const moved = `${root}-elsewhere`;
    await rename(root, moved);
    const folder = await temporaryFolder();
    await work(fleet, { ...(await worker('a', folder)), root: moved });
    const sink = await folderSink(folder);
    expect((await verify(fleet, { sink })).problems).toEqual([]);
    expect((await sink.check((await sink.find(1))!)).names).toEqual(['a.tar/z']);
  });

  it('whose data changed since is given up', async () => {
    const { root } = await images(0);
    await writeFile(join(root, 'a.tar'), tarOf(['x.jpg', 'y.jpg']));
    const data = { kind: 'webdataset', root } as const;
    const fleet = await fleetOf(servers.urls, 'changed');
    await submit(fleet, { data, model, precision: 'float32' }, shardsOf(data, ['a.tar']));
    await writeFile(join(root, 'a.tar'), tarOf(['x.jpg', 'w.jpg']));
    const folder = await temporaryFolder();
    expect(await work(fleet, { ...(await worker('a', folder)), maxDeliver: 1 })).toMatchObject({ shards: 0, dead: 1 });
    expect((await fleetStatus(fleet)).dead[0]!.reason).toContain('did the data change?');
  });
});

describe.skipIf(command === undefined)('a folder of results', () => {
  it('has one result of a shard, whoever writes it and whenever they are stopped', async () => {
    const fleet = await fleetOf(servers.urls, 'results');
    await submitted(fleet, { count: 4, shardSize: 2 });
    const folder = await temporaryFolder();
    await work(fleet, await worker('a', folder));
    const sink = await folderSink(folder);
    const report = (await sink.find(0))!;
    // Stopped after the report had its name, before the rows had theirs.
    for (const [kind, path] of [
      ['npy', 'img_emb/img_emb_000000.npy'],
      ['metadata', 'metadata/metadata_000000.parquet'],
    ] as const)
      await rename(join(folder, path), join(folder, '.partial', report.files[kind]!.path));
    await writeFile(join(folder, '.partial', '0-of-one-that-was-killed.npy'), '');
    expect((await verify(fleet, { sink })).problems).toEqual([]);
    expect(await readdir(join(folder, '.partial'))).toEqual([]);
  });

  it('that is damaged, short or of somebody else is told', async () => {
    const fleet = await fleetOf(servers.urls, 'damaged');
    await submitted(fleet, { count: 6, shardSize: 2 });
    const folder = await temporaryFolder();
    await work(fleet, await worker('a', folder));
    await writeFile(join(folder, 'img_emb/img_emb_000000.npy'), 'x');
    await rm(join(folder, 'metadata/metadata_000001.parquet'));
    await rm(join(folder, 'reports/report_000002.json'));
    await writeFile(join(folder, 'img_emb/img_emb_000003.npy'), 'x');
    const sink = await folderSink(folder);
    expect((await verify(fleet, { sink })).problems).toEqual([
      expect.stringMatching(/^shard 0: img_emb\/img_emb_000000.npy: expected SHA-256/),
      expect.stringMatching(/^shard 1: metadata\/metadata_000001.parquet: .* got no file$/),
      'shard 2: expected its rows, got none',
      'img_emb/img_emb_000003.npy: expected nothing, which no shard wrote',
    ]);
    const path = join(folder, 'reports/report_000001.json');
    const text = await readFile(path, 'utf8');
    const outside = join(folder, 'outside.npy');
    await writeFile(outside, 'kept');
    await writeFile(path, text.replace(/"path":"[^"]+npy"/, '"path":"../outside.npy"'));
    await expect(sink.find(1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await readFile(outside, 'utf8')).toBe('kept');
    await writeFile(path, text.replace('"npy":', '"other":'));
    await expect(sink.find(1)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const other = await fleetOf(servers.urls, 'damaged-other');
    await submitted(other, { count: 2 });
    await expect(work(other, await worker('a', folder))).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining("rows of job 'damaged'") as string,
    });
  });

  it('that cannot be written is refused with its path', async () => {
    const file = join(await temporaryFolder(), 'a file');
    await writeFile(file, '');
    await expect(folderSink(join(file, 'out'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

it('a server that is not there, and names that no job has, are refused', async () => {
  await expect(openFleet({ servers: ['nats://127.0.0.1:9'], job: 'a' })).rejects.toMatchObject({ code: 'NETWORK' });
  await expect(openFleet({ servers: ['http://127.0.0.1:9'], job: 'a' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  await expect(openFleet({ servers: ['127.0.0.1:9'], job: 'a.b' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

it('an image outside of the data, or there twice, is refused', async () => {
  const data = { kind: 'images', root: '/data' } as const;
  const all = async (paths: readonly string[]) => {
    for await (const _ of shardsOf(data, paths));
  };
  await expect(all(['../a.jpg'])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(all(['a.jpg', 'a.jpg'])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

/** An archive of files that hold their own names. */
function tarOf(names: readonly string[]): Uint8Array {
  const blocks = names.flatMap((name) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write('0000644\0', 100);
    header.write(`${name.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.from(name.padEnd(512, '\0'))];
  });
  return new Uint8Array(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
