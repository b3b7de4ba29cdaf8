import { given } from '@diptych/golden';
import { bucketServer } from '@diptych/testkit/bucket';
import { natsCommand, natsServers } from '@diptych/testkit/nats';
import { expect, it, onTestFinished } from 'vitest';
import { bucketSink, folderSink, type NamedRows, type Shard, verify, work } from '../src/index.ts';
import { fleetOf, lengths, model, submitted, temporaryFolder, worker } from './fleet-of.ts';

const shard: Shard = { shard: 0, items: 2, names: 'n' };

async function* rowsOf(value: number): AsyncGenerator<NamedRows> {
  const data = Float32Array.of(value, 1, value, 2);
  yield { names: ['x', 'y'], rows: { precision: 'float32', data, shape: [2, 2], model: 'm' } };
}

const finishedBy = (name: string) => () => ({
  job: 'j',
  plan: 'p',
  shard: 0,
  items: 2,
  names: 'n',
  skipped: [],
  worker: name,
  deliveries: 1,
  begun: 1,
  ended: 2,
});

const command = natsCommand();

it.skipIf(command === undefined)('rows of a job go to a bucket, as they would to a folder', async () => {
  const servers = await natsServers(command!);
  onTestFinished(async () => servers.remove());
  const fleet = await fleetOf(servers.urls, 'bucket');
  await submitted(fleet, { count: 9, shardSize: 2, empty: [3] });
  const { access, objects } = await bucketServer();
  const sink = await bucketSink('s3://vectors/all/rows', access);
  await work(fleet, { space: lengths(), model, worker: 'a', sink });
  expect(await verify(fleet, { sink })).toEqual({ shards: 5, items: 9, rows: 8, skipped: 1, problems: [] });
  const numbers = [0, 1, 2, 3, 4].map((one) => `00000${one}`);
  const paths = numbers.flatMap((n) => [`img_emb/img_emb_${n}.npy`, `metadata/metadata_${n}.parquet`]);
  const names = [...paths, ...numbers.map((n) => `reports/report_${n}.json`)].map((path) => `all/rows/${path}`);
  expect([...objects.keys()].toSorted()).toEqual(names.toSorted());

  const folder = await temporaryFolder();
  const { sink: inFolder } = await worker('b', folder);
  const report = await inFolder.put(shard, rowsOf(1), finishedBy('b'));
  const there = await (await bucketSink('s3://vectors', access)).put(shard, rowsOf(1), finishedBy('b'));
  expect(there.files['npy']!.sha256).toBe(report.files['npy']!.sha256);
  expect((await (await folderSink(folder)).find(0))!.files['metadata']!.sha256).toBe(there.files['metadata']!.sha256);

  objects.set('all/rows/img_emb/img_emb_000000.npy', Buffer.from('x'));
  objects.delete('all/rows/metadata/metadata_000001.parquet');
  objects.delete('all/rows/reports/report_000002.json');
  objects.set('all/rows/reports/a&b', Buffer.from('x'));
  expect((await verify(fleet, { sink })).problems).toEqual([
    expect.stringMatching(/^shard 0: img_emb\/img_emb_000000.npy: expected SHA-256/),
    expect.stringMatching(/^shard 1: metadata\/metadata_000001.parquet: .* got no object$/),
    'shard 2: expected its rows, got none',
    'reports/a&b: expected nothing, which no shard wrote',
  ]);
});

it('a shard is of whoever was first, whatever another had put, and moved by whoever comes by', async () => {
  const { access, objects } = await bucketServer();
  const sinks = await Promise.all([1, 2].map(async () => bucketSink('s3://vectors/', access)));
  const reports = await Promise.all(sinks.map(async (sink, i) => sink.put(shard, rowsOf(i), finishedBy(`w${i}`))));
  expect(reports[0]).toEqual(reports[1]);
  expect(await sinks[0]!.put(shard, rowsOf(7), finishedBy('late'))).toEqual(reports[0]);
  expect(await sinks[0]!.check(reports[0]!)).toEqual({ names: ['x', 'y'], problems: [] });
  expect(objects.size).toBe(3);
  // Stopped after the report was put, before the rows were in their places.
  for (const [kind, path] of [
    ['npy', 'img_emb/img_emb_000000.npy'],
    ['metadata', 'metadata/metadata_000000.parquet'],
  ] as const) {
    objects.set(`.partial/${reports[0]!.files[kind]!.path}`, objects.get(path)!);
    objects.delete(path);
  }
  objects.set('.partial/0-of-one-that-was-killed.npy', Buffer.from(''));
  expect(await sinks[1]!.find(0)).toEqual(reports[0]);
  expect(await sinks[1]!.check(reports[0]!)).toEqual({ names: ['x', 'y'], problems: [] });
  expect(objects.size).toBe(3);
});

it('a server that is busy is asked again, which is said once; one that refuses is not', async () => {
  const { access, faults, asked } = await bucketServer();
  const notes: string[] = [];
  const sink = await bucketSink('s3://vectors', access, { onNote: (line) => notes.push(line) });
  faults.push(503, 500);
  expect((await sink.put(shard, rowsOf(1), finishedBy('a'))).worker).toBe('a');
  expect(notes).toEqual([
    expect.stringMatching(/^S3 does not answer \(.*503 Fault.*trying again$/),
    'S3 answers again',
  ]);
  const before = asked.length;
  faults.push(403);
  await expect(sink.find(0)).rejects.toMatchObject({
    code: 'NETWORK',
    message: 's3://vectors/: expected an answer of S3, got 403 Fault',
  });
  expect(asked.length).toBe(before + 1);
});

it('keys that are wrong, a bucket that is not there and what is no address are refused, without the keys', async () => {
  const { access } = await bucketServer();
  const wrong = bucketSink('s3://vectors', { ...access, secretAccessKey: 'another-secret' });
  await expect(wrong).rejects.toMatchObject({
    code: 'NETWORK',
    message: 's3://vectors/: expected an answer of S3, got 403 SignatureDoesNotMatch',
  });
  await expect(bucketSink('s3://others', access)).rejects.toThrow('404 NoSuchBucket');
  await expect(bucketSink('s3:/vectors', access)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(bucketSink('s3://vectors', { ...access, endpoint: 'here' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  await expect(bucketSink('s3://vectors', given({ endpoint: 'http://h' }))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  const closed = bucketSink('s3://vectors', { ...access, endpoint: 'http://127.0.0.1:9' });
  await expect(closed).rejects.toMatchObject({ code: 'NETWORK' });
});
