import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { BadTrace, readTrace } from './trace.ts';

const directory = mkdtempSync(join(tmpdir(), 'trace-'));
const path = join(directory, 'calls.txt');
after(() => rmSync(directory, { recursive: true }));

function read(text: string) {
  writeFileSync(path, text);
  return readTrace(path);
}

test('an hour with sixty instants a second is read; endless lines are not', () => {
  const hour = Array.from({ length: 216_000 }, (_, i) => `${i * 16 + 12.345}`).join('\n');
  assert.equal(read(`${hour}\nlength 3600000`).instantsMs.length, 216_000);
  assert.throws(() => read('1\n'.repeat(250_001)), /has more than 250000 lines; give what a window needs, from its/);
});

test('reads instants, comments, blank lines and a length, with any line ending', () => {
  const lines = ['# calls of one morning', '', '0', '  12.5  # two at once', '12.5', '40', 'length 1000', '# end', ''];
  for (const end of ['\n', '\r\n', '\r']) {
    assert.deepEqual(read(lines.join(end)), { instantsMs: [0, 12.5, 12.5, 40], lengthMs: 1000 });
  }
  assert.deepEqual(read('\uFEFF5\nlength   6').instantsMs, [5]);
});

test('without a length the trace repeats one mean gap after its last instant', () => {
  assert.deepEqual(read('10\n20\n40'), { instantsMs: [10, 20, 40], lengthMs: 55 });
});

test('reads back what was written', () => {
  const sorted = fc
    .array(fc.nat(10_000_000), { minLength: 1, maxLength: 50 })
    .map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(sorted, fc.integer({ min: 1, max: 1000 }), (instantsMs, rest) => {
      const lengthMs = instantsMs.at(-1)! + rest;
      assert.deepEqual(read(`${instantsMs.join('\n')}\nlength ${lengthMs}\n`), { instantsMs, lengthMs });
    }),
  );
});

const faults: readonly (readonly [text: string, where: string, reason: RegExp])[] = [
  ['', '', /no instants; one per line/],
  ['# nothing\n\n', '', /no instants/],
  ['length 5', '', /no instants/],
  ['7\n7', '', /all instants are the same.*`length N`/],
  [
    '1\nsoon\n3',
    ', line 2',
    /"soon" is not allowed: milliseconds from 0 up, a # comment, or `length N` as the last line/,
  ],
  ['-1', ', line 1', /"-1" is not allowed/],
  ['1e3', ', line 1', /"1e3" is not allowed/],
  ['1 2', ', line 1', /"1 2" is not allowed/],
  ['# c\n\n30\n20', ', line 4', /"20" is earlier than the instant before it \(30\)/],
  ['1\nlength 5\n7', ', line 2', /"length 5" is not allowed.*as the last line/],
  ['1\nlength', ', line 2', /"length" is not allowed/],
  ['1\nlength five', ', line 2', /"length five" is not allowed/],
  ['1\n9\nlength 9', ', line 3', /"length 9" is too short: more than the last instant \(9\)/],
  ['1\n86400001', ', line 2', /at most/],
  [`1\n${'x'.repeat(5000)}`, ', line 2', /^.{0,400}$/],
];

for (const [text, where, reason] of faults) {
  test(`refuses ${JSON.stringify(text.slice(0, 30))}, naming file and line`, () => {
    assert.throws(
      () => read(text),
      (error) => {
        assert.ok(error instanceof BadTrace);
        assert.ok(error.message.startsWith(`${path}${where}: `), error.message);
        assert.match(error.message, reason);
        assert.ok(!error.message.includes('\n'));
        return true;
      },
    );
  });
}

test('names a file that cannot be read', () => {
  const missing = join(directory, 'missing.txt');
  assert.throws(() => readTrace(missing), new BadTrace(`${missing}: cannot be read (ENOENT)`));
  assert.throws(() => readTrace(directory), new BadTrace(`${directory}: cannot be read (is a directory)`));
});
