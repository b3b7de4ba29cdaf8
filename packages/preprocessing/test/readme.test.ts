import { expectExample } from '@diptych/golden';
import { it } from 'vitest';

it('prints what the README says of images', () => expectExample(() => import('../README.md?example')));
it('prints what the README says of text', () => expectExample(() => import('../README.md?example=2')));
