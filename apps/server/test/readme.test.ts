import { expectExample } from '@diptych/golden';
import { describe, it } from 'vitest';

describe('the README', () => {
  it('prints what it says', () => expectExample(() => import('../README.md?example')));
});
