#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node can run it as far as the error message.
const needed = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`pvw: Node.js ${needed.join('.')} or newer is needed, this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const { register } = await import('tsx/esm/api');
  // Ignore a tsconfig.json in the caller's directory.
  register({ tsconfig: false });
  const { main } = await import('../cli/main.ts');
  const code = await main(process.argv.slice(2));
  // An interrupted trial may leave timers pending: exit as soon as the output is flushed.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
