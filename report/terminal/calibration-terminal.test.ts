import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { handCalibration, handPath, handTransport } from '../../testing/by-hand/plain-calibration.ts';
import { renderCalibration } from './calibration-terminal.ts';

const textOf = (transports = handPath.transports) =>
  renderCalibration({ ...handCalibration, paths: [{ ...handPath, transports }] }, 'results/a/calibration.json');

/** The cells of the line that begins so. */
function cellsOf(title: string, text: string): readonly string[] {
  const line = text.split('\n').find((each) => each.startsWith(title));
  assert.ok(line !== undefined, title);
  return line
    .slice(24)
    .trim()
    .split(/\s{2,}/);
}

describe('the costs of a calibration', () => {
  const text = textOf();

  test('in the units of their titles, one column for each transport', () => {
    assert.match(text, /^Path: direct +Short polling +Long polling +SSE +WebSocket\n/);
    const cases: Readonly<Record<string, RegExp>> = {
      'a second, ms': /^10(\.0)?$/,
      'a client, µs/s': /^2(\.0)?$/,
      'a wake-up, µs': /^100$/,
      'an update, µs': /^–$/,
      'a poll, µs': /^100$/,
      'a delivery, µs': /^20$/,
      'more for the first, µs': /^–$/,
      'a kilobyte, µs': /^10$/,
      'a publish, µs': /^50$/,
      // e^0.1.
      'missed by, one in three': /^11%$/,
      'memory, a connection': /^10\.0 kB$/,
      'kernel, a connection': /^3\.00 kB$/,
      'to connect': /^200 µs$/,
    };
    for (const [title, cell] of Object.entries(cases)) {
      const cells = cellsOf(title, text).map((each) => each.replaceAll('\u00a0', ' '));
      assert.equal(cells.length, 4, title);
      for (const each of cells) assert.match(each, cell, title);
    }
  });

  test('where they lie, and nothing is missing', () => {
    assert.match(text, /from now on: results\/a\/calibration\.json\n$/);
    assert.ok(!text.includes('Not calibrated'));
  });

  test('what could not be calibrated', () => {
    const some = textOf({ sse: handTransport });
    assert.match(some, /^Path: direct +SSE\n/);
    assert.match(some, /\nNot calibrated: Short polling, Long polling, WebSocket\. What was measured is too uneven /);
  });
});
