import { readFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

export type Variables = Readonly<Record<string, string | undefined>>;

const windows = process.platform === 'win32';
const variable = windows ? /\$\{([^}]*)\}|\$(\w+)|%([^%]+)%/g : /\$\{([^}]*)\}|\$(\w+)/g;

/**
 * A path with a leading `~` or `~user` and its `$NAME` and `${NAME}` replaced, by the rules of Python's
 * `expandvars(expanduser(path))`: unknown users and variables stay as they are, and what a value brings is not looked at
 * again.
 */
export function expandPath(path: string, variables: Variables): string {
  return expandHome(path, variables).replaceAll(
    variable,
    (whole, braced?: string, bare?: string, percent?: string) => variables[braced ?? bare ?? percent ?? ''] ?? whole,
  );
}

function expandHome(path: string, variables: Variables): string {
  const [tilde, user] = (windows ? /^~([^/\\]*)/ : /^~([^/]*)/).exec(path) ?? [];
  if (tilde === undefined) return path;
  const home = user === '' ? (variables['HOME'] ?? homedir()) : homeOf(user!);
  return home === undefined ? path : home.replace(/\/+$/, '') + path.slice(tilde.length) || '/';
}

/** Of this user, and of others where a file tells. */
function homeOf(user: string): string | undefined {
  if (user === userInfo().username) return userInfo().homedir;
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.find((line) => line.startsWith(`${user}:`))?.split(':')[5];
  } catch {
    return undefined;
  }
}
