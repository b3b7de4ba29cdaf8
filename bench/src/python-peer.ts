import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A script beside this file in a process of its own, which answers each line with one; it needs `python3`. */
export interface PythonPeer extends Disposable {
  ask(line: string): Promise<string>;
}

export function pythonPeer(script: string, args: readonly string[] = []): PythonPeer {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdin, stdout } = spawn('python3', [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return {
    async ask(line) {
      stdin.write(`${line}\n`);
      const { done, value } = await answers.next();
      if (done) throw new Error(`${script}: ended; what it needs is in its first lines`);
      return value;
    },
    [Symbol.dispose]: () => stdin.end(),
  };
}
