#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node can run it as far as the error message.
const needed = [20, 19];
const leastOpenFiles = 128;
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`pvw: Node.js ${needed.join('.')} or newer is needed, this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const code = await start();
  // An interrupted trial may leave timers pending: exit as soon as the output is flushed.
  process.exitCode = code;
  try {
    process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
  } catch {
    // Standard output is a device that takes nothing.
    process.exit(code);
  }
}

/** Loads and runs the command. Returns its exit code. */
async function start() {
  const fault = await faultOfSurroundings();
  if (fault !== undefined) {
    console.error(`pvw: ${fault}`);
    return 2;
  }
  let main;
  try {
    const { register } = await import('tsx/esm/api');
    // Ignore a tsconfig.json in the caller's directory.
    register({ tsconfig: false });
    ({ main } = await import('../cli/main.ts'));
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^Cannot find package/.test(error.message)) throw error;
    console.error('pvw: a package is missing: run npm ci in the directory of pvw');
    return 2;
  }
  return main(process.argv.slice(2));
}

/** What keeps the loader from working, which would not say so itself; undefined if nothing does. */
async function faultOfSurroundings() {
  const { mkdtempSync, readFileSync, rmdirSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  try {
    process.cwd();
  } catch {
    return 'the working directory no longer exists; change to another one';
  }
  try {
    // The loader keeps a cache there, and may wait for ever where it cannot.
    rmdirSync(mkdtempSync(`${tmpdir()}/pvw-`));
  } catch {
    process.env.TSX_DISABLE_CACHE = '1';
  }
  const openFiles = Number(/^Max open files +(\d+)/m.exec(limitsIn(readFileSync))?.[1] ?? leastOpenFiles);
  return openFiles < leastOpenFiles
    ? `at most ${openFiles} files may be open, and ${leastOpenFiles} are needed: ulimit -n 1024`
    : undefined;
}

/** Limits of this process; empty where the system does not show them. */
function limitsIn(readFileSync) {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
