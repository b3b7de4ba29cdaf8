import { embedBoth } from './embed-both.js';

// The development server does not prepare what a worker inside of a package imports.
const worker = import.meta.env.DEV ? new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }) : true;
try {
  globalThis.embedded = await embedBoth('/model/', '/picture.png', worker);
} catch (error) {
  globalThis.embedded = { error: String(error) };
}
