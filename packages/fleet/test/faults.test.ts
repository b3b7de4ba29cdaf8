import { setTimeout as passed } from 'node:timers/promises';
import { JetStreamApiError, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsCommand, natsServers } from '@diptych/testkit/nats';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fleetStatus, folderSink, openFleet, verify, work } from '../src/index.ts';
import { fleetOf, submitted, temporaryFolder, worker } from './fleet-of.ts';

const command = natsCommand();

async function serversOf(count: number, options = {}) {
  const servers = await natsServers(command!, count, options);
  onTestFinished(async () => servers.remove());
  return servers;
}

describe.skipIf(command === undefined)('a job', () => {
  it('is opened while its servers have no leader, which is said once', async () => {
    const servers = await serversOf(3);
    for (const name of servers.names) await servers.kill(name);
    await servers.start('n0');
    const alone = await connect({ servers: servers.urls[0]! });
    onTestFinished(async () => alone.close());
    const answer = async () =>
      jetstreamManager(alone).then(
        () => 'an answer',
        (error: unknown) => (error instanceof JetStreamApiError ? error.message : 'none'),
      );
    await expect.poll(answer, { interval: 500 }).toContain('unavailable');

    const notes: string[] = [];
    const onNote = (line: string) => {
      notes.push(line);
      if (notes.length === 1) void servers.start('n1');
    };
    const fleet = await fleetOf(servers.urls, 'leaderless', { onNote });
    await submitted(fleet, { count: 2, shardSize: 1 });
    expect(await fleetStatus(fleet)).toMatchObject({ submitted: true, shards: 2 });
    // A stream that was just made may have no leader for a moment more.
    expect(notes.map((note) => note.replace(/ \(.*/, ''))).toEqual(
      notes.map((_, i) => (i % 2 === 0 ? 'NATS does not answer' : 'NATS answers again')),
    );
    expect(notes.length).toBeGreaterThan(1);
  });

  it('of servers without JetStream is refused', async () => {
    const { urls } = await serversOf(1, { jetStream: false });
    await expect(openFleet({ servers: urls, job: 'a' })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('(-js)') as string,
    });
  });

  it('keeps a shard with its worker while a disk takes longer than the wait for a sign of life', async () => {
    const servers = await serversOf(1);
    const fleet = await fleetOf(servers.urls, 'slow');
    await submitted(fleet, { count: 2, shardSize: 2, ackWait: 6000 });
    const other = await fleetOf(servers.urls, 'slow');
    const folder = await temporaryFolder();
    const slow = await worker('slow', folder);
    const put: typeof slow.sink.put = async (...args) => {
      await passed(8000);
      return slow.sink.put(...args);
    };
    const works = [work(fleet, { ...slow, sink: { ...slow.sink, put } })];
    await expect.poll(async () => (await fleetStatus(other)).inWork).toBe(1);
    works.push(work(other, await worker('idle', folder)));
    expect((await Promise.all(works)).map(({ shards }) => shards)).toEqual([1, 0]);
    expect(await fleetStatus(fleet)).toMatchObject({ done: 1, redelivered: 0 });
    expect(await verify(fleet, { sink: await folderSink(folder) })).toMatchObject({ rows: 2, problems: [] });
  });
});
