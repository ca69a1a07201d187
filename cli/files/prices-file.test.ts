import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { builtInPrices } from '../../analysis/model/prices/built-in-prices.ts';
import { UsageError } from '../../text/usage-error.ts';
import { pricesNamed } from './prices-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'pvw-prices-'));
after(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}

function complaintAbout(word: string): string {
  try {
    pricesNamed('--prices', word);
  } catch (error) {
    assert.ok(error instanceof UsageError, `${error}`);
    return error.message.replaceAll(word, 'F');
  }
  return assert.fail('nothing was refused');
}

const yaml = 'name: ours\nsource: us\nasOf: 2026-01-31\ncurrency: EUR\nitems: [{unit: core-hour, price: 1}]\n';
const give = 'give a price list in YAML or JSON, or aws, google-cloud or aws-api-gateway';

test('finds a built-in list by its name', () => {
  for (const [name, list] of Object.entries(builtInPrices)) assert.equal(pricesNamed('--prices', name), list);
});

test('reads a file, whatever its extension if it has a slash', () => {
  for (const name of ['ours.yaml', 'ours.yml', 'ours.json', 'ours']) {
    assert.equal(pricesNamed('--prices', write(name, yaml)).currency, 'EUR');
  }
});

test('an error in a file has line and column', () => {
  const file = write('bad.yaml', yaml.replace('price: 1', 'price: -1'));
  assert.match(complaintAbout(file), /^F:5:34: items\.0\.price: "-1" is not allowed; give /);
});

test('lists the built-in names where one is unknown, and says what is near', () => {
  const rest = 'give aws, google-cloud or aws-api-gateway, or a file that ends in .yaml, .yml or .json';
  assert.equal(complaintAbout('azure'), `--prices: "F" is unknown; ${rest}`);
  assert.equal(complaintAbout('google-cluod'), `--prices: "F" is unknown (did you mean google-cloud?); ${rest}`);
  assert.equal(complaintAbout('toString'), `--prices: "F" is unknown; ${rest}`);
});

test('refuses what cannot be a price list', { timeout: 10_000 }, () => {
  const unreadable = (why: string) => `--prices: F: cannot be read (${why}); ${give}`;
  assert.equal(complaintAbout(write('huge.yaml', ' '.repeat(65_537))), unreadable('is larger than 64 KiB'));
  assert.equal(complaintAbout(write('bytes.json', Buffer.from([0xff, 0xfe]))), unreadable('is no text in UTF-8'));
  assert.equal(complaintAbout(join(directory, 'none.json')), unreadable('ENOENT'));
  mkdirSync(join(directory, 'folder.json'));
  assert.equal(complaintAbout(join(directory, 'folder.json')), unreadable('is a directory'));
  assert.equal(complaintAbout('/dev/zero'), unreadable('is a device'));
  assert.equal(complaintAbout(write('empty.yaml', '')).slice(0, 28), 'F:1:1: nothing is not allowe');
});
