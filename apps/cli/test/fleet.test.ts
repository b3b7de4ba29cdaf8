import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFleet } from '@diptych/fleet';
import { bucketServer } from '@diptych/testkit/bucket';
import { natsCommand, type NatsServers, natsServers } from '@diptych/testkit/nats';
import { postgresFolder, postgresServer } from '@diptych/testkit/postgres';
import { canMount, smallDisk } from '@diptych/testkit/small-disk';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { spawnCli, untilStderr } from './spawn-cli.ts';
import { colourWorkspace, plainImage, temporaryFolder } from './workspace.ts';

const command = natsCommand();
const bin = postgresFolder();
const hasDisks = canMount();
let servers!: NatsServers;

beforeAll(async () => {
  if (command !== undefined) servers = await natsServers(command);
});
afterAll(async () => servers?.remove());

interface Status {
  readonly done: number;
  readonly redelivered: number;
}

/** Options of a job, and what a command of it prints as JSON. */
function jobOf(job: string) {
  const options = ['--job', job, '--nats', servers.urls[0]!];
  return {
    options,
    async told<T>(...args: readonly string[]): Promise<T> {
      const run = await runCli(['fleet', ...args, ...options, '--format', 'jsonl']);
      return jsonLines<T>(run)[0]!;
    },
  };
}

describe.skipIf(command === undefined)('a fleet', () => {
  it('embeds a folder: submitted, embedded, shown, verified', async () => {
    const { root, folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
    await writeFile(join(folder, 'broken.png'), 'no image');
    const { options } = jobOf('folder');
    const out = join(root, 'out');
    const submitted = await runCli(['fleet', 'submit', folder, ...options, ...modelArgs, '--shard-size', '3']);
    expect(submitted).toEqual({ code: 0, stdout: 'job folder is submitted: 4 images in 2 shards\n', stderr: '' });
    const worked = await runCli(['fleet', 'work', ...options, ...modelArgs, '--output', out, '--worker', 'w']);
    expect(worked).toMatchObject({ code: 1, stderr: '' });
    expect(jsonLines(worked)).toEqual([
      { shard: 0, items: 3, rows: 2 },
      { shard: 1, items: 1, rows: 1 },
    ]);
    const npy = await readFile(join(out, 'img_emb/img_emb_000000.npy'));
    expect([...new Float32Array(new Uint8Array(npy.subarray(128)).buffer)]).toEqual([0, 0, 1, 0, 1, 0]);
    const status = await runCli(['fleet', 'status', ...options, '--watch'], { tty: true });
    expect(status.stdout).toMatch(/shards +2: 0 waiting, 0 in work, 2 done, 0 dead\n/);
    expect(status.stdout).toMatch(/w +2 +4 +\d/);
    const verified = await runCli(['fleet', 'verify', ...options, '--output', out], { tty: true });
    expect(verified).toMatchObject({ code: 0, stdout: 'whole: 4 images in 2 shards, 3 rows, 1 left out\n' });
    await writeFile(join(out, 'img_emb/img_emb_000001.npy'), '');
    const damaged = await runCli(['fleet', 'verify', ...options, '--output', out]);
    expect(damaged).toMatchObject({ code: 1, stderr: expect.stringContaining('shard 1: img_emb') as string });
    expect((await runCli(['fleet', 'retry', ...options])).stdout).toBe('0 shards are handed out again\n');
  });

  it.skipIf(bin === undefined)('writes to PostgreSQL, whose password nothing shows', async () => {
    const database = await postgresServer(bin!);
    onTestFinished(async () => database.remove());
    const { folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
    const { options } = jobOf('rows');
    const to = ['--output', database.url, '--table', 'photos'];
    await runCli(['fleet', 'submit', folder, ...options, ...modelArgs, '--shard-size', '2']);
    const work = ['fleet', 'work', ...options, ...modelArgs, ...to];
    expect(await runCli(work)).toMatchObject({ code: 0, stderr: '' });
    const verified = await runCli(['fleet', 'verify', ...options, ...to], { tty: true });
    expect(verified).toMatchObject({ code: 0, stdout: 'whole: 3 images in 2 shards, 3 rows, 0 left out\n' });
    await database.stop();
    const refused = await runCli(work);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("NETWORK: table 'photos'") as string });
    expect(refused.stderr).not.toContain('secret');
  });

  it('writes to a bucket, by keys of the environment', async () => {
    const { access, objects } = await bucketServer();
    const { folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
    const { options } = jobOf('objects');
    await runCli(['fleet', 'submit', folder, ...options, ...modelArgs, '--shard-size', '2']);
    const work = ['fleet', 'work', ...options, ...modelArgs, '--output', 's3://vectors/photos'];
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await runCli(work)).toMatchObject({
      code: 2,
      stderr: 'diptych: INPUT_INVALID: AWS_ACCESS_KEY_ID: expected a key in the environment, got none\n',
    });
    const { accessKeyId, secretAccessKey, region, endpoint } = access;
    const environment = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    for (const name of ['AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL_S3']) vi.stubEnv(name, undefined);
    expect(await runCli(work)).toMatchObject({ code: 0, stderr: '' });
    expect(objects.size).toBe(6);
    const verify = ['fleet', 'verify', ...options, '--output', 's3://vectors/photos'];
    const verified = await runCli(verify, { tty: true });
    expect(verified).toMatchObject({ code: 0, stdout: 'whole: 3 images in 2 shards, 3 rows, 0 left out\n' });
  });

  it('takes a table of paths, and refuses a worker with another model', async () => {
    const { root, folder, modelArgs, model } = await colourWorkspace(['red']);
    const table = join(folder, 'images.csv');
    await writeFile(table, 'image,note\nred.png,a\nred.png,twice\n');
    const { options } = jobOf('table');
    const submitted = await runCli(['fleet', 'submit', table, ...options, ...modelArgs]);
    expect(submitted).toMatchObject({ code: 1, stdout: 'job table is submitted: 1 images in 1 shards\n' });
    await writeFile(join(model, 'colour.txt'), 'x');
    const worked = await runCli(['fleet', 'work', ...options, ...modelArgs, '--output', join(root, 'out')]);
    expect(worked).toMatchObject({ code: 2, stderr: expect.stringContaining("job 'table': expected files") as string });
  });

  it('hands its shard back on SIGTERM', async () => {
    const { root, folder, modelArgs } = await colourWorkspace(['red', 'green', 'blue']);
    const { options, told } = jobOf('term');
    await runCli(['fleet', 'submit', folder, ...options, ...modelArgs]);
    const args = ['fleet', 'work', ...options, ...modelArgs, '--output', join(root, 'out')];
    const run = spawnCli(args, { COLOUR_HANG_AFTER: '1' });
    await expect
      .poll(async () => told<{ inWork: number }>('status'), { timeout: 60_000, interval: 500 })
      .toMatchObject({ inWork: 1 });
    run.child.kill('SIGTERM');
    expect(await run.ended).toMatchObject({
      code: 143,
      stderr: expect.stringContaining('diptych: interrupted by SIGTERM\n') as string,
    });
    expect((await runCli(args)).code).toBe(0);
    expect(await told<Status>('status')).toMatchObject({ done: 1, redelivered: 1 });
  });
});

describe.skipIf(command === undefined)('three servers and four workers', () => {
  const fourth = hasDisks ? 'one has a full disk' : 'one cannot write (no full disk: none can be mounted here)';
  it(`lose nothing and do nothing twice when some are killed or stopped, and ${fourth}`, async () => {
    const cluster = await natsServers(command!, 3);
    try {
      const { root, modelArgs } = await colourWorkspace([]);
      const folder = join(root, 'many');
      await mkdir(folder);
      const items = 120;
      for (let i = 0; i < items; i++)
        await plainImage(join(folder, `${String(i).padStart(3, '0')}.png`), [i, (7 * i) % 256, (31 * i) % 256]);
      const options = ['--job', 'many', ...cluster.urls.flatMap((url) => ['--nats', url])];
      const submit = ['fleet', 'submit', folder, ...options, ...modelArgs, '--shard-size', '2', '--replicas', '3'];
      expect((await runCli([...submit, '--ack-wait', '5'])).stdout).toContain(`${items} images in 60 shards`);
      const out = join(root, 'out');
      await mkdir(out);
      const worker = (name: string, busy: string, { output = out, before = [] as readonly string[] } = {}) => {
        const args = ['fleet', 'work', ...options, ...modelArgs, '--worker', name, '--output', output];
        return spawnCli(args, { COLOUR_BUSY: busy }, before);
      };
      const done = async () => (await readdir(join(out, 'reports')).catch(() => [])).length;
      const until = async (count: number) =>
        expect.poll(done, { timeout: 200_000, interval: 50 }).toBeGreaterThanOrEqual(count);

      // Room for two files of three.
      const full = worker('full', '60', hasDisks ? { before: smallDisk('8k', out) } : { output: '/dev/null/out' });
      const [stopped, killed] = ['stopped', 'killed'].map((name) => worker(name, '2000'));
      const why = hasDisks ? 'ENOSPC' : 'ENOTDIR';
      expect(await full.ended).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(`INPUT_INVALID: .*${why}`) as string,
      });
      const other = worker('other', '60');
      await until(4);
      // Each in the middle of a shard.
      await untilStderr(stopped!, 'busy');
      stopped!.child.kill('SIGSTOP');
      await untilStderr(killed!, 'busy');
      killed!.child.kill('SIGKILL');
      await until(12);
      const last = worker('last', '5');
      await using fleet = await openFleet({ servers: cluster.urls, job: 'many' });
      await cluster.kill((await fleet.consumerInfo()).cluster!.leader!);
      await until(20);
      other.child.kill('SIGKILL');
      expect((await last.ended).code).toBe(0);
      stopped!.child.kill('SIGCONT');
      expect((await stopped!.ended).code).toBe(0);

      const verified = await runCli(['fleet', 'verify', ...options, '--output', out, '--format', 'jsonl']);
      expect(jsonLines(verified)).toEqual([{ shards: 60, items, rows: items, skipped: 0, problems: [] }]);
      expect(await readdir(join(out, '.partial'))).toEqual([]);
      const status = await runCli(['fleet', 'status', ...options, '--format', 'jsonl']);
      expect(jsonLines<Status>(status)[0]!.redelivered).toBeGreaterThan(0);

      const alone = await temporaryFolder();
      await runCli(['embed', ...modelArgs, '--format', 'npy', '--output', alone, folder]);
      const expected = (await readFile(join(alone, 'img_emb/img_emb_0.npy'))).subarray(128);
      const files = (await readdir(join(out, 'img_emb'))).toSorted();
      const rows = await Promise.all(
        files.map(async (name) => (await readFile(join(out, 'img_emb', name))).subarray(128)),
      );
      expect(Buffer.concat(rows).equals(expected)).toBe(true);
    } finally {
      await cluster.remove();
    }
  }, 600_000);
});
