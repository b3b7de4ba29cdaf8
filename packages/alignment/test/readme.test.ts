import { expectExample } from '@diptych/golden';
import { it } from 'vitest';

it('prints what the README says', () => expectExample(() => import('../README.md?example')));

it('trains as the README says', () => expectExample(() => import('../README.md?example=2')));

it('continues as the README says', () => expectExample(() => import('../README.md?example=3')));
