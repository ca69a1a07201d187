import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastWords } from './last-words.ts';

test('the last five lines become one, without empty ones', () => {
  const said = ['one', 'two', '', 'three', 'four  ', '', 'five', 'six', ''].join('\n');
  assert.equal(lastWords(said), 'two | three | four | five | six');
  assert.equal(lastWords('\n \n'), '');
});

test('the error that ended a process is kept with the output before it, without the stack trace', () => {
  const said = [
    'out of descriptors',
    'giving up',
    '/tmp/pvw/server.cjs:31212',
    "  throw new Error('listen EMFILE: too many open files');",
    '  ^',
    '',
    'Error: listen EMFILE: too many open files',
    '    at Object.<anonymous> (/tmp/pvw/server.cjs:31212:9)',
    '    at Module._compile (node:internal/modules/cjs/loader:1554:14) {',
    "  code: 'EMFILE'",
    '}',
    '',
    'Node.js v20.19.0',
  ].join('\n');
  assert.equal(
    lastWords(said),
    "out of descriptors | giving up | Error: listen EMFILE: too many open files | code: 'EMFILE' | }",
  );
});

test('an overlong line is cut', () => {
  const text = lastWords(`before\n${'x'.repeat(5_000)}`);
  assert.ok(text.length < 700, `${text.length} characters`);
  assert.match(text, /^before \| x+…$/);
});
