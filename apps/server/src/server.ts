import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { serve } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import { makeApp } from './app.ts';
import { EmbedService } from './embed-service.ts';
import { Metrics } from './http/metrics.ts';
import { Tracing } from './http/tracing.ts';
import { FileFetcher } from './files/file-fetcher.ts';
import type { Resolve } from './files/address-check.ts';
import { Models, type ModelSpec } from './models/models.ts';
import type { Settings } from './settings.ts';

export interface RunningServer {
  readonly url: string;
  readonly models: Models;
  /** Accepts nothing more, answers what was accepted, and ends the model processes. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly log?: Logger;
  /** What resolves the names of hosts of images and sounds. Default the system's resolver. */
  readonly resolve?: Resolve;
}

/**
 * A server that runs, with its models loaded unless they are lazy.
 *
 * @throws {EmbeddingError} what `open` throws; an error of Node where the address is taken.
 */
export async function startServer(settings: Settings, options: ServerOptions = {}): Promise<RunningServer> {
  const log = options.log ?? pino({ level: settings.logLevel });
  const { replicas, batchSize, batchBytes, batchWait, queue, memory, dtype, maxPixels } = settings;
  const metrics = new Metrics(() => models);
  const tracing = await Tracing.load();
  const models = new Models(
    settings.model.map(specOf),
    { start: { dtype, maxPixels }, replicas, batchSize, batchBytes, batchWait, queue, memory },
    (name) => ({
      ...(tracing && { onWait: (items, row) => tracing.wait(name, items, row) }),
      onBatch(items, row, waits) {
        metrics.batch(name, row.modality, items);
        return tracing?.batch(name, items, row, waits);
      },
      onLost() {
        metrics.lost(name);
        log.warn({ model: name }, 'a model process has died and is replaced');
      },
    }),
  );
  const fetcher = new FileFetcher({
    allowed: settings.imageUrls,
    hosts: settings.imageHost,
    timeout: settings.imageTimeout,
    maxBytes: settings.maxImage,
    resolve: options.resolve,
  });
  const service = new EmbedService(models, fetcher, settings);
  let isStopping = false;
  const app = makeApp({ service, models, metrics, tracing, log, settings, isStopping: () => isStopping });
  if (!settings.lazy) await models.load();
  const { server, url } = await listening(app.fetch, settings);
  log.info({ url, models: models.names }, 'listening');
  return {
    url,
    models,
    async stop() {
      isStopping = true;
      await closed(server);
      await models.stop();
      await fetcher.close();
      log.info('stopped');
    },
  };
}

/** Milliseconds in which a connection that seems idle may still bring a request that was on its way. */
const grace = 500;

/** Takes no more connections, and waits for those that are there; their answers tell them to close. */
async function closed(server: HttpServer): Promise<void> {
  let closing: NodeJS.Timeout | undefined;
  const begun = performance.now();
  await new Promise<void>((resolve) => {
    NetServer.prototype.close.call(server, () => resolve()); // That of HTTP would cut requests that are on their way.
    closing = setInterval(() => {
      if (performance.now() - begun > grace) server.closeIdleConnections();
    }, 50);
  });
  clearInterval(closing);
}

async function listening(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port, headTimeout, requestTimeout, idleTimeout }: Settings,
): Promise<{ server: HttpServer; url: string }> {
  return new Promise((resolve, reject) => {
    const serverOptions = {
      headersTimeout: Math.min(headTimeout, requestTimeout), // Node has it no other way.
      requestTimeout,
      keepAliveTimeout: idleTimeout,
      connectionsCheckingInterval: 1000,
    };
    const server = serve({ fetch, hostname: host, port, serverOptions }, (info: AddressInfo) => {
      const name = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({ server, url: `http://${name}:${info.port}` });
    }) as HttpServer;
    server.once('error', reject);
  });
}

/** `name=source`; the name is else that of the last folder, or of the hub. */
function specOf(text: string): ModelSpec {
  const [, name, source] = /^([\w.@/-]+)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && source !== undefined) return { name, source };
  const isPath = /^(?:[./~]|[a-z]+:\/\/)/i.test(text);
  const last = text.replace(/\/+$/, '').split('/').at(-1);
  return { name: isPath ? (last ?? text) : text, source: text };
}
