import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { HubPage } from './hub-page.tsx';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <HubPage />
  </StrictMode>,
);
