import { useSyncExternalStore } from 'react';

const query = matchMedia('(prefers-color-scheme: dark)');

const subscribe = (onChange: () => void) => {
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
};

/** Whether the page is dark; what is drawn by hand has to ask. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
