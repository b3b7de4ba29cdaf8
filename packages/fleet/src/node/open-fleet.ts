import { checkSignal, EmbeddingError, expectFunction, expectMembers, expectText } from '@diptych/core';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type ConnectionOptions } from '@nats-io/transport-node';
import { Fleet, type FleetOptions } from './fleet.ts';

/**
 * A connection to a job, whether it was submitted or not. A server that goes away, or has no leader, is
 * waited for by whatever is asked of the job.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for a name that no job can have; `NETWORK` when no server can be reached at
 *   first, or has no JetStream.
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { servers, job, signal, onNote } = expectMembers(options, 'openFleet', 'servers', 'job');
  expectText(job, 'openFleet: job');
  if (onNote !== undefined) expectFunction(onNote, 'openFleet: onNote');
  if (!/^[\w-]{1,64}$/.test(job)) {
    const expected = '1 to 64 letters, digits, - and _';
    throw new EmbeddingError('INPUT_INVALID', { where: 'openFleet: job', expected, got: `'${job}'` });
  }
  const settings = connectionOptions(servers);
  checkSignal(signal);
  try {
    const connection = await connect(settings);
    try {
      // One that says so is not asked: while it chooses a leader it would not answer.
      const checkAPI = connection.info?.jetstream !== true;
      return new Fleet(connection, await jetstreamManager(connection, { checkAPI }), options);
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (cause) {
    const where = (settings.servers as string[]).join(', ');
    throw new EmbeddingError('NETWORK', { where, expected: 'nats-server with JetStream (-js)', got: cause }, { cause });
  }
}

/** Name and password are taken out of addresses, where messages would show them. */
function connectionOptions(servers: readonly string[]): ConnectionOptions {
  if (!Array.isArray(servers) || servers.length === 0) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'openFleet: servers',
      expected: 'a list of addresses',
      got: 'none',
    });
  }
  const urls = servers.map((server: unknown, i) => {
    expectText(server, `openFleet: servers[${i}]`);
    const text = String(server);
    const address = text.includes('://') ? text : `nats://${text}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url && url.hostname !== '' && ['nats:', 'tls:'].includes(url.protocol)) return url;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'openFleet: servers',
      expected: 'nats://host:port or tls://host:port',
      got: 'another address',
    });
  });
  const { username, password } = urls[0]!;
  return {
    servers: urls.map(({ host, port }) => (port === '' ? `${host}:4222` : host)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    ...(urls.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
    ...(username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  };
}
