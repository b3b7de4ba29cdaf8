import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataUri, disc, givenServer } from './given-server.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';
const headers = { 'Content-Type': 'application/json', traceparent: `00-${traceId}-${parent}-01` };

describe('spans', () => {
  const given = givenServer();
  beforeAll(() => provider.register());
  beforeEach(() => exporter.reset());
  afterAll(() => provider.shutdown());
  const spans = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

  it('of a request, its waits and its batches: what model, how many, and no contents', async () => {
    const input = ['a secret', { image: dataUri(await disc('red')) }, 'another secret'];
    const body = JSON.stringify({ input });
    expect((await given().post('/v1/embeddings', body, { headers, body })).status).toBe(200);
    const [request] = spans('POST /v1/embeddings');
    expect(request!.spanContext().traceId).toBe(traceId);
    expect(request!.parentSpanContext).toMatchObject({ spanId: parent, isRemote: true });
    expect(request!.attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/embeddings',
      'http.response.status_code': 200,
      'diptych.model': 'emoji',
      'diptych.request_id': expect.any(String),
    });
    const expected = [
      { 'diptych.model': 'emoji', 'diptych.modality': 'image', 'diptych.items': 1 },
      { 'diptych.model': 'emoji', 'diptych.modality': 'text', 'diptych.items': 2 },
    ];
    const byModality = (name: string) =>
      spans(name).toSorted((a, b) =>
        String(a.attributes['diptych.modality']).localeCompare(String(b.attributes['diptych.modality'])),
      );
    const waits = byModality('queue');
    expect(waits.map(({ attributes }) => attributes)).toEqual(expected);
    for (const wait of waits) {
      expect(wait.spanContext().traceId).toBe(traceId);
      expect(wait.parentSpanContext!.spanId).toBe(request!.spanContext().spanId);
    }
    const batches = byModality('batch');
    expect(batches.map(({ attributes }) => attributes)).toEqual(expected);
    batches.forEach(({ links }, i) => {
      expect(links.map(({ context }) => context.spanId)).toEqual([waits[i]!.spanContext().spanId]);
    });
    const told = exporter.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events }));
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('of what is refused, and of requests that none began elsewhere', async () => {
    await given().post('/v1/embeddings', { input: 'x', model: 'other' });
    await fetch(`${given().server.url}/nowhere/secret`);
    const [refused] = spans('POST /v1/embeddings');
    expect(refused!.parentSpanContext).toBeUndefined();
    expect(refused!.attributes['http.response.status_code']).toBe(404);
    expect(spans('GET other')[0]!.attributes['http.response.status_code']).toBe(404);
    expect(spans('queue')).toEqual([]);
  });
});
