import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import type { Logger } from 'pino';
import type { EmbedService } from './embed-service.ts';
import { addClassify } from './formats/classify.ts';
import { addCohere } from './formats/cohere.ts';
import { addOpenAi } from './formats/openai.ts';
import { addRerank } from './formats/rerank.ts';
import { type Api, type Env, newApi } from './formats/route-context.ts';
import { addVoyage } from './formats/voyage.ts';
import { apiKeys } from './http/api-keys.ts';
import type { Metrics } from './http/metrics.ts';
import type { Tracing } from './http/tracing.ts';
import { clientGone, HttpProblem, problemBody, problemOf } from './http/problem.ts';
import type { Models } from './models/models.ts';
import { page } from './page.ts';
import type { Settings } from './settings.ts';

export interface AppParts {
  readonly service: EmbedService;
  readonly models: Models;
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
  readonly log: Logger;
  readonly settings: Pick<Settings, 'apiKeys' | 'cors' | 'deadline' | 'maxBody'>;
  /** Whether it is being shut down, and sends who asks for readiness elsewhere. */
  readonly isStopping: () => boolean;
}

/** Paths that are open to all: they tell nothing of the contents. */
const open = new Set(['/', '/health', '/ready', '/openapi.json']);

/** Every path of the server. */
export function makeApp({ service, models, metrics, tracing, log, settings, isStopping }: AppParts): Api {
  const app = newApi();
  app.use(async (c, next) => {
    const begun = performance.now();
    const requestId = requestIdOf(c);
    c.set('requestId', requestId);
    const until = deadlineOf(c.req.raw.signal, settings.deadline);
    c.set('until', until.signal);
    try {
      await next();
    } finally {
      until.end();
    }
    c.header('X-Request-Id', requestId);
    if (isStopping()) c.header('Connection', 'close');
    const seconds = (performance.now() - begun) / 1000;
    const route = routeOf(c, app);
    metrics.answered(route, c.res.status, seconds);
    log.info(
      { requestId, method: c.req.method, route, status: c.res.status, ms: Math.round(seconds * 1000) },
      'answered',
    );
  });
  if (tracing) app.use(async (c, next) => tracing.request(c, routeOf(c, app), next));
  if (settings.cors.length > 0) {
    const origin = settings.cors.includes('*') ? '*' : [...settings.cors];
    app.use(cors({ origin, allowHeaders: ['Authorization', 'Content-Type'] }));
  }
  if (settings.apiKeys.length > 0) {
    const check = apiKeys(settings.apiKeys);
    app.use(async (c, next) => (open.has(c.req.path) ? next() : check(c, next)));
  }
  app.use(
    bodyLimit({
      maxSize: settings.maxBody,
      onError: () => {
        throw new HttpProblem(413, 'request_too_large', `A request may have ${settings.maxBody} bytes.`);
      },
    }),
  );
  for (const add of [addOpenAi, addCohere, addVoyage, addRerank, addClassify]) add(app, service);
  addPlain(app, { models, metrics, isStopping });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'diptych', version: '1', description: 'Embeddings of texts and images in one vector space.' },
  });
  app.notFound((c) => {
    const problem = new HttpProblem(404, 'not_found', `Nothing is at ${c.req.method} ${c.req.path}.`);
    return c.json(problemBody(c.req.path, problem), 404);
  });
  app.onError((error, c) => {
    const isCut = 'code' in error && error.code === 'ECONNRESET'; // Of its body, before its signal has heard of it.
    const problem = isCut || c.req.raw.signal.aborted ? clientGone(error) : problemOf(error);
    if (problem.status >= 500)
      log.error({ requestId: c.get('requestId'), err: problem.cause ?? problem }, problem.code);
    if (problem.code === 'request_too_large') c.header('Connection', 'close'); // What is left of the body is not read.
    if (problem.retryAfter !== undefined) c.header('Retry-After', String(problem.retryAfter));
    return c.json(problemBody(c.req.path, problem), problem.status as 400);
  });
  return app;
}

function addPlain(
  app: Api,
  { models, metrics, isStopping }: Pick<AppParts, 'models' | 'metrics' | 'isStopping'>,
): void {
  const since = Math.floor(Date.now() / 1000);
  app.get('/', (c) => c.html(page(models.names)));
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/ready', (c) => {
    const isReady = models.isReady && !isStopping();
    return c.json({ status: isReady ? 'ready' : 'not ready' }, isReady ? 200 : 503);
  });
  app.get('/v1/models', (c) => {
    const loaded = new Map(models.loaded.map(({ name, model }) => [name, model.description]));
    const data = models.names.map((id) => {
      const about = loaded.get(id);
      const { dim, modalities, dtype, architecture } = about ?? {};
      const more = about ? { dimensions: dim, modalities, dtype, architecture } : {};
      return { id, object: 'model', created: since, owned_by: 'diptych', loaded: about !== undefined, ...more };
    });
    return c.json({ object: 'list', data });
  });
  app.get('/metrics', async (c) =>
    c.text(await metrics.registry.metrics(), 200, { 'Content-Type': metrics.registry.contentType }),
  );
}

/** Aborted when the client leaves or the time is over; `end` frees it, which one of `AbortSignal.timeout` would not be before its time. */
function deadlineOf(client: AbortSignal, milliseconds: number): { readonly signal: AbortSignal; end(): void } {
  const until = new AbortController();
  const leave = (): void => until.abort(client.reason);
  const late = (): void => until.abort(new DOMException('The deadline has passed', 'TimeoutError'));
  const timer = setTimeout(late, milliseconds);
  client.addEventListener('abort', leave, { once: true });
  if (client.aborted) leave();
  return {
    signal: until.signal,
    end() {
      clearTimeout(timer);
      client.removeEventListener('abort', leave);
    },
  };
}

/** What the client calls the request, where that may be logged; or one of ours. */
function requestIdOf(c: Context<Env>): string {
  const given = c.req.header('x-request-id') ?? '';
  return /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/** The path as it was declared, so that what strangers ask for makes no label of its own. */
function routeOf(c: Context<Env>, app: Api): string {
  return app.routes.some(({ path }) => path === c.req.path) ? c.req.path : 'other';
}
