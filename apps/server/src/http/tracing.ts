import type { Span } from '@opentelemetry/api';
import type { Context, Next } from 'hono';
import type { Env } from '../formats/route-context.ts';
import type { Wait } from '../models/batcher.ts';
import type { RowOptions } from '../models/messages.ts';

type Api = typeof import('@opentelemetry/api');

/**
 * Spans for OpenTelemetry: of a request, of the wait of its items, and of each batch, which is linked to the requests that it is
 * of. They say nothing of contents. Without an SDK, which whoever starts the server starts, they cost nothing and go nowhere.
 */
export class Tracing {
  readonly #api: Api;
  readonly #spans = new WeakMap<Wait, Span>();

  private constructor(api: Api) {
    this.#api = api;
  }

  /** Nothing where `@opentelemetry/api` is not installed. */
  static async load(): Promise<Tracing | undefined> {
    try {
      return new Tracing(await import('@opentelemetry/api'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** A request, below the span of its `traceparent` where nothing in this process has begun one for it. */
  async request(c: Context<Env>, route: string, next: Next): Promise<void> {
    const { context, propagation, trace, SpanKind, SpanStatusCode } = this.#api;
    const active = context.active();
    const parent = trace.getSpan(active)
      ? active
      : propagation.extract(active, Object.fromEntries(c.req.raw.headers.entries()));
    const attributes = {
      'http.request.method': c.req.method,
      'http.route': route,
      'diptych.request_id': c.get('requestId'),
    };
    const span = this.#tracer.startSpan(`${c.req.method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
    try {
      await context.with(trace.setSpan(parent, span), next);
    } finally {
      span.setAttribute('http.response.status_code', c.res.status);
      if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
  }

  /** Items of one request that wait for a batch, until the last of them is in one. */
  wait(model: string, items: number, { modality }: RowOptions): Wait {
    this.#api.trace.getActiveSpan()?.setAttribute('diptych.model', model);
    const span = this.#tracer.startSpan('queue', { attributes: attributesOf(model, modality, items) });
    let left = items;
    const wait: Wait = {
      begun: () => void (--left === 0 && span.end()),
      end: () => void (left > 0 && span.end()),
    };
    this.#spans.set(wait, span);
    return wait;
  }

  /** @returns What ends it. */
  batch(model: string, items: number, { modality }: RowOptions, waits: ReadonlySet<Wait>): () => void {
    const links = [...waits].flatMap((wait) => {
      const span = this.#spans.get(wait);
      return span ? [{ context: span.spanContext() }] : [];
    });
    const attributes = attributesOf(model, modality, items);
    const span = this.#tracer.startSpan('batch', { attributes, links, root: true });
    return () => span.end();
  }

  /** Asked for anew, since an SDK may be started later. */
  get #tracer() {
    return this.#api.trace.getTracer('@diptych/server');
  }
}

function attributesOf(model: string, modality: string, items: number) {
  return { 'diptych.model': model, 'diptych.modality': modality, 'diptych.items': items };
}
