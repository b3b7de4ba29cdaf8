/// <reference lib="webworker" />
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching';
import { headers } from '../server/policy.ts';

declare const self: ServiceWorkerGlobalScope & { readonly precached: readonly PrecacheEntry[] };

// Where a server sends no headers, pages are isolated and bound by the policy all the same from the second visit on.
addPlugins([{ handlerWillRespond: async ({ response }) => withHeaders(response) }]);
precacheAndRoute([...self.precached], { ignoreURLParametersMatching: [/./] });
cleanupOutdatedCaches();

// The first page is served from here at once. A later version waits until no page of this one is open.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

function withHeaders(response: Response): Response {
  const { body, status, statusText } = response;
  const { pathname } = new URL(response.url);
  const scope = new URL(self.registration.scope).pathname;
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers(`/${pathname.slice(scope.length)}`))) all.set(name, value);
  return new Response(body, { status, statusText, headers: all });
}
