import { expectExample } from '@diptych/golden';
import { it } from 'vitest';

it('prints what the README says', () => expectExample(() => import('../README.md?example')));
