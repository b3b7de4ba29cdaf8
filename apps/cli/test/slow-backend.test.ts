import { expect, it, vi } from 'vitest';
import { runCli } from './run-cli.ts';
import { colourWorkspace } from './workspace.ts';

/** What a terminal shows of each line that was written. */
function lines(written: string): readonly string[] {
  return written.split('\n').map((line) => line.split('\r\u001B[K').at(-1)!);
}

// One test file is one process: TensorFlow.js keeps the backend that it has.
it('cpu in place of wasm is said on a line of its own, above the bar', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  vi.stubGlobal('WebAssembly', undefined);
  const { code, stderr } = await runCli(['embed', ...modelArgs, folder], { tty: true });
  vi.unstubAllGlobals();
  expect(code).toBe(0);
  expect(lines(stderr)).toEqual([expect.stringMatching(/^diptych: computing on 'cpu'.*WebAssembly/), '']);
});
