import type { Plugin } from 'vite';
import { headers } from './policy.ts';

/** `vite preview` with the headers of a real server. In development Vite's own scripts need what the policy forbids. */
export function policy(): Plugin {
  return {
    name: 'policy',
    configurePreviewServer({ middlewares }) {
      middlewares.use((request, response, next) => {
        response.setHeaders(new Headers(headers(request.url ?? '/')));
        next();
      });
    },
  };
}
