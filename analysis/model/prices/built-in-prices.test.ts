import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { builtInPrices } from './built-in-prices.ts';
import { readPrices } from './price-form.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));

test('each file is a built-in list of its name', () => {
  assert.deepEqual(files.map((file) => basename(file, '.json')).sort(), Object.keys(builtInPrices).sort());
});

for (const file of files) {
  test(`${file} is a price list as users may write one, and has an address and a note`, () => {
    const read = readPrices(readFileSync(join(import.meta.dirname, file), 'utf8'), file);
    assert.deepEqual(read, builtInPrices[basename(file, '.json')]);
    assert.match(read.source, /^https:\/\//);
    assert.ok(read.note);
  });
}
