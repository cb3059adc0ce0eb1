// Takes from Node what it lacks on Windows, and gives what it makes up there, as far as another system can play it.
const fs = require('node:fs');

const isMissing = (path) => typeof path === 'string' && /^\/(proc|dev)\//.test(path);
const noSuchFile = (path) => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });

Object.defineProperty(process, 'platform', { value: 'win32' });
for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'setuid', 'setgid']) delete process[name];

for (const name of ['openSync', 'readFileSync', 'readlinkSync', 'readdirSync']) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (isMissing(path)) throw noSuchFile(path);
    return original(path, ...rest);
  };
}

// Everything belongs to user 0, and all may read and write it; a folder cannot be opened.
for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
  const original = fs[name];
  fs[name] = (path, options) => {
    if (isMissing(path)) {
      if (options?.throwIfNoEntry === false) return undefined;
      throw noSuchFile(path);
    }
    const stat = original(path, options);
    return stat && Object.assign(stat, { mode: stat.mode | 0o666, uid: 0, gid: 0 });
  };
}
const { openSync } = fs;
fs.openSync = (path, ...rest) => {
  if (fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error(`EPERM: ${path}`), { code: 'EPERM' });
  }
  return openSync(path, ...rest);
};
