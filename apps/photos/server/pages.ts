import { fileURLToPath } from 'node:url';

const path = (name: string) => fileURLToPath(new URL(`../${name}.html`, import.meta.url));

/** The page, and the one that fetches models. */
export const pages = { index: path('index'), models: path('models') } as const;
