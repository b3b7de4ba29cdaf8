import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

const minutes = 60_000;

/** Runs commands as a user types them, in `folder`; `text` is what they printed. */
export async function run(command, { folder, env }) {
  const child = start(command, { folder, env });
  const timer = setTimeout(() => end(child), 8 * minutes);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  if (code !== 0) throw new Error(`${command}: ended with ${code}\n${child.printed()}`);
  return child.printed();
}

/** Runs a server, which is told by PORT where to listen, until `use` of its address is done. */
export async function withServer(command, { folder, env }, use) {
  const port = await freePort();
  const child = start(command.replaceAll('PORT', port), { folder, env: { ...env, PORT: port } });
  const url = `http://localhost:${port}`;
  try {
    await answers(url, child);
    return await use(url);
  } catch (error) {
    throw new Error(`${command}: ${error.message}\n${child.printed()}`, { cause: error });
  } finally {
    end(child);
  }
}

/** Runs a server that says itself where it listens, until `use` of that address is done. */
export async function withAnnounced(command, shell, use) {
  const child = start(command, shell);
  try {
    for (const deadline = Date.now() + 2 * minutes; Date.now() < deadline;) {
      const [url] = /http:\/\/localhost:\d+\//.exec(child.printed()) ?? [];
      if (url) return await use(url);
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error('did not say where it listens');
  } catch (error) {
    throw new Error(`${command}: ${error.message}\n${child.printed()}`, { cause: error });
  } finally {
    end(child);
  }
}

function start(command, { folder, env }) {
  const child = spawn(command, { cwd: folder, env, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const printed = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => printed.push(text));
  return Object.assign(child, { printed: () => printed.join('') });
}

/** With all that it started. */
function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

async function answers(url, child) {
  for (const deadline = Date.now() + 2 * minutes; Date.now() < deadline;) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    if (await fetch(url).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('did not answer');
}

async function freePort() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}
