import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BrowserHeaders, browserHeaders } from '../network/route/browser-headers.ts';
import { headBytes, headerDifferences } from './header-differences.ts';

function withPoll(change: (lines: readonly string[]) => readonly string[]): BrowserHeaders {
  const { http } = browserHeaders.heads;
  return { ...browserHeaders, heads: { ...browserHeaders.heads, http: { ...http, poll: change(http.poll!) } } };
}

test('a capture does not differ from itself on another port', () => {
  assert.deepEqual(headerDifferences(browserHeaders, browserHeaders), []);
  const elsewhere = withPoll((lines) => lines.map((line) => line.replace(/:\d{5}\b/, ':12345')));
  assert.deepEqual(headerDifferences(browserHeaders, elsewhere), []);
});

test('added, removed, changed and reordered lines are reported differently', () => {
  const told = (change: (lines: readonly string[]) => readonly string[]) =>
    headerDifferences(browserHeaders, withPoll(change));
  assert.deepEqual(
    told((lines) => [...lines, 'Sec-New: ?1']),
    ['poll over http: + Sec-New: ?1'],
  );
  assert.match(
    told((lines) => lines.filter((line) => !line.startsWith('User-Agent'))).join(),
    /^poll over http: - User-Agent: Mozilla/,
  );
  const changed = told((lines) => lines.map((line) => line.replace(/^Accept-Language: .*/, 'Accept-Language: fr')));
  assert.equal(changed.length, 2);
  assert.match(changed.join(), /- Accept-Language: en.*\+ Accept-Language: fr/);
  const moved = told((lines) => [...lines.slice(0, 2), ...lines.slice(2).reverse()]);
  assert.match(moved.join(), /^poll over http: in another order: .*Cookie.*User-Agent/);
});

test('the size of a head counts its lines, their line ends and the empty line', () => {
  assert.equal(headBytes(['GET / HTTP/1.1', 'Host: a']), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.length);
});
