import { hostileNumbers, hostileTexts, mutatedText } from './hostile.ts';
import type { Kind } from './kind.ts';
import { fileKind } from './scenario-inputs.ts';

const scenario = "name: 'orders', extends: 'ticker'";

/** What a module may do to the process that loads it. */
const deeds: readonly string[] = [
  'process.exit(0);',
  'process.exitCode = 3;',
  "process.chdir('/');",
  "process.emit('exit');",
  "process.stdout.write('x'.repeat(100_000));",
  "console.error('\\u001b[31m');",
  "throw new Error('\\u001b[31m\\nsecond line');",
  'throw null;',
  'throw { get message() { throw 1; } };',
  "Promise.reject(new Error('late'));",
  "setTimeout(() => { throw new Error('later'); }, 5);",
  'setInterval(() => {}, 1);',
  'globalThis.JSON = undefined;',
  'Object.prototype.name = { x: 1 };',
  'Array.prototype.map = null;',
  "import './gone.mjs';",
  "await import('/dev/zero');",
  "process.send?.({ kind: 'data', bytes: 5 });",
  "process.send?.({ kind: 'not-data', reason: { toString: 1 } });",
  'process.disconnect?.();',
  "process.kill(process.pid, 'SIGTERM');",
  "process.on('uncaughtException', () => {}); setTimeout(() => { throw 1; }, 1);",
  "import { closeSync } from 'node:fs'; closeSync(1); closeSync(2);",
  'const all = []; for (;;) all.push(Buffer.alloc(10_000_000, 1));',
  'const list = []; for (;;) list.push(new Array(1_000_000).fill({}));',
  'const again = () => again(); again();',
];

const exported: readonly string[] = [
  `export default { ${scenario} };`,
  `export default [{ ${scenario} }, { ${scenario} }];`,
  `export default Array.from({ length: 3_000 }, () => ({ ${scenario} }));`,
  `export default { ${scenario}, title: 'x'.repeat(10_000_000) };`,
  `export default { ${scenario}, title: new Uint8Array(200_000_000) };`,
  `export default { ${scenario}, get clients() { throw new Error('none'); } };`,
  `export default new Proxy({ ${scenario} }, { get() { throw 1; }, ownKeys() { throw 2; } });`,
  `const loop = { ${scenario} }; loop.arrivals = loop; export default loop;`,
  `export default { ${scenario}, arrivals: { kind: 'trace', instantsMs: new Float64Array(9), lengthMs: NaN } };`,
  `export default Promise.resolve({ ${scenario} });`,
  `export default class { static name = 'orders'; }`,
  'export default [, ,];',
  'export default Symbol();',
  'export default new Map([[1, 2]]);',
  'export default Object.create(null);',
  'export default new Date(NaN);',
  'export default 10n ** 400n;',
  'export const nothing = 1;',
  'module.exports = { name: 1 };',
];

/** Scenario modules: what they do while they load, and what they export. */
export const moduleKind: Kind = fileKind(['mjs', 'js', 'ts'], (random) => {
  const value = JSON.stringify(random.integer(2) === 0 ? random.pick(hostileTexts) : random.pick(hostileNumbers));
  const changed = `export default { ${scenario}, ${random.pick(['clients', 'name', 'title', 'payload'])}: ${value} };`;
  const text = [
    ...(random.integer(2) === 0 ? [random.pick(deeds)] : []),
    random.integer(3) === 0 ? changed : random.pick(exported),
  ].join('\n');
  return random.integer(4) === 0 ? mutatedText(text, random) : text;
});
