import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colorsFor, progressTerminal } from './colors.ts';

/** What a terminal of this type is given: colours, and lines that are erased. */
function givenTo(type: string): readonly [boolean, boolean] {
  const { TERM, NO_COLOR } = process.env;
  const usual = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
  process.env.TERM = type;
  delete process.env.NO_COLOR;
  Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
  try {
    return [colorsFor({ isTTY: true }).isColorSupported, progressTerminal().isTTY];
  } finally {
    if (usual) Object.defineProperty(process.stderr, 'isTTY', usual);
    else delete (process.stderr as { isTTY?: boolean }).isTTY;
    if (TERM === undefined) delete process.env.TERM;
    else process.env.TERM = TERM;
    if (NO_COLOR !== undefined) process.env.NO_COLOR = NO_COLOR;
  }
}

test('a dumb terminal gets no escape codes', () => {
  assert.deepEqual(givenTo('xterm-256color'), [true, true]);
  assert.deepEqual(givenTo('dumb'), [false, false]);
});
