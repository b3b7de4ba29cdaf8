import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LibraryState } from '../library/library-state.ts';
import type { Library } from '../library/library.ts';

export const LibraryContext = createContext<Library | undefined>(undefined);

export function useLibrary(): Library {
  const library = useContext(LibraryContext);
  if (!library) throw new Error('useLibrary: expected a LibraryContext around the component');
  return library;
}

export function useLibraryState(): LibraryState {
  const library = useLibrary();
  return useSyncExternalStore(library.subscribe, library.state);
}
