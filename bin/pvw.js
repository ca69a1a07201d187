#!/usr/bin/env node
// Plain JavaScript without static imports, so that an old Node reads it far enough to say what is wrong.
const needed = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`pvw: Node.js ${needed.join('.')} or newer is needed, this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  const { register } = await import('tsx/esm/api');
  // The caller's directory may hold a tsconfig.json of its own, which has no say here.
  register({ tsconfig: false });
  const { main } = await import('../cli/main.ts');
  const code = await main(process.argv.slice(2));
  // An interrupted trial may still wait for instants that nobody needs any more: once all is written, do not wait.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}
