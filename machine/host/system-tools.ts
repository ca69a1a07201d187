import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Directories of system tools that are missing from an ordinary user's PATH. */
const systemDirectories = ['/usr/sbin', '/sbin'];

/** The path of the first of these commands that exists; undefined when none does. */
export function findCommand(...names: readonly string[]): string | undefined {
  const directories = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...systemDirectories];
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Names under which distributions install Chromium and Chrome. */
export const chromiumCommands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
