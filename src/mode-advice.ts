/** What to do about a mode that is too open: chmod, or other mount options on a file system that has no modes. */

import { readFileSync, realpathSync } from 'node:fs';
import { asWord } from './typed.ts';

/** A mounted file system (proc_pid_mountinfo(5)). */
interface Mount {
  point: string;
  type: string;
  options: string;
}

// Of these, chmod changes nothing. What they show as modes comes from options when they are mounted.
const umaskTypes = ['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'fuseblk', 'hfs'];
const fileModeTypes = ['cifs', 'smb3', 'smbfs'];
const shareTypes = ['vboxsf', 'vmhgfs', 'fuse.vmhgfs-fuse', 'prl_fs'];

/**
 * What to do about the mode of a file or folder.
 *
 * @param hint What helps on a file system with modes: a chmod.
 */
export function adviseMode(path: string, hint: string): string {
  return adviseMount(path, readMounts()) ?? hint;
}

/**
 * How to mount the file system of a path so that it has modes, or closed ones.
 *
 * @param mounts The text of /proc/self/mountinfo.
 * @returns a hint; `undefined` if chmod works there.
 */
export function adviseMount(path: string, mounts: string): string | undefined {
  const mount = findMount(realPath(path), mounts);
  if (!mount) return undefined;
  const { type, options } = mount;
  const shown = asWord(mount.point);
  const elsewhere = 'or keep the AWS files in your home folder';
  const why = `${shown} (${type}) has no modes, so chmod does nothing there`;
  // WSL's drives: 9p, virtiofs or, in WSL 1, drvfs.
  if (type === 'drvfs' || /\baname=drvfs\b/.test(options)) {
    if (/(^|[,;])metadata([,;]|$)/.test(options)) return undefined;
    return `write [automount] and options = "metadata" into /etc/wsl.conf and type wsl.exe --shutdown, ${elsewhere}: ${why}`;
  }
  if (umaskTypes.includes(type) && !/(^|,)(permissions|acl)(,|$)/.test(options)) {
    return `mount ${shown} with uid=$(id -u),umask=077, ${elsewhere}: ${why}`;
  }
  if (fileModeTypes.includes(type) && !/(^|,)(unix|posix|modefromsid|cifsacl)(,|$)/.test(options)) {
    return `mount ${shown} with uid=$(id -u),file_mode=0600,dir_mode=0700, ${elsewhere}: ${why}`;
  }
  return shareTypes.includes(type)
    ? `mount ${shown} with uid=$(id -u),fmode=0600,dmode=0700, ${elsewhere}: ${why}`
    : undefined;
}

function readMounts(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The last mount of the longest mount point above a path. */
function findMount(path: string, mounts: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of mounts.split('\n')) {
    const [before = '', after = ''] = line.split(' - ', 2);
    const point = unescapeOctal(before.split(' ')[4] ?? '');
    const isAbove = point !== '' && (path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`));
    if (!isAbove || point.length < (found?.point.length ?? 0)) continue;
    const [type = '', , options = ''] = after.split(' ');
    found = { point, type, options };
  }
  return found;
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
