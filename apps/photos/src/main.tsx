import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { Library } from './library/library.ts';
import { startThread } from './library/models.ts';

startThread();
const library = new Library();
void library.start();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App library={library} />
  </StrictMode>,
);
