import { spawn } from 'node:child_process';
import { findCommand } from '../../machine/host/system-tools.ts';

/** Opens a file as a double click would. Returns whether a program to open it with was found; never throws. */
export function openFile(path: string): boolean {
  const opener = findCommand(process.platform === 'darwin' ? 'open' : 'xdg-open');
  if (opener === undefined) return false;
  const child = spawn(opener, [path], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
  return true;
}
