import { expectExample } from '@diptych/golden';
import { beforeAll, it } from 'vitest';

// The example imports it too, where knip does not look for dependencies.
beforeAll(() => import('@tensorflow/tfjs-backend-cpu'));

it('prints what the README says', () => expectExample(() => import('../README.md?example')));
