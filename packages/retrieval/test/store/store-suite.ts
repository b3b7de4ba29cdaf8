import { afterEach, describe } from 'vitest';
import type { Store, StoreConfig } from '../../src/index.ts';
import { itAgrees } from './it-agrees.ts';
import { itCopies } from './it-copies.ts';
import { itKeeps } from './it-keeps.ts';
import { itRefuses } from './it-refuses.ts';
import { itSearches } from './it-searches.ts';
import { config, type Make } from './store-suite-inputs.ts';

/** Opens the store of one place; a place is fresh for each test. */
export type OpenStore = (config: StoreConfig) => Promise<Store>;

/** The contract. */
export function describeStore(name: string, fresh: () => Promise<OpenStore>): void {
  describe(`the ${name} store`, () => {
    const stores: Store[] = [];
    afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));

    const make: Make = async (options = {}) => {
      const store = await (await fresh())({ ...config, ...options });
      stores.push(store);
      return store;
    };

    itKeeps(make);
    itSearches(make);
    itAgrees(make);
    itCopies(make);
    itRefuses(make);
  });
}
