// Makes sure that a Chromium is there for the browser tests: CHROMIUM, /usr/bin/chromium, or Debian's package.
import { existsSync } from 'node:fs';
import { aptInstall } from './apt-install.mjs';

const path = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(path)) aptInstall('chromium');
if (!existsSync(path)) {
  console.error(`No Chromium at ${path}. Install one, or name it: CHROMIUM=/path/to/chrome`);
  process.exit(1);
}
