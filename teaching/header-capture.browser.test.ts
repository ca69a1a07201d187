import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumCommands, findCommand } from '../machine/host/system-tools.ts';
import { browserHeaders, carriers, requestKinds } from '../network/route/browser-headers.ts';
import { captureHeaders, named } from './header-capture.ts';
import { headerDifferences } from './header-differences.ts';

const chromium = process.env.CHROMIUM ?? findCommand(...chromiumCommands);
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = chromium === undefined && !required && 'Chromium is missing: install it';

test('Chromium of the committed version sends the committed headers; other versions report differences', {
  skip,
}, async (t) => {
  assert.ok(chromium, 'Chromium is missing, and here it is required');
  const found = await captureHeaders(chromium);
  const differences = headerDifferences(browserHeaders, found);
  for (const difference of differences) t.diagnostic(difference);
  if (found.browser === browserHeaders.browser) assert.deepEqual(differences, []);
  else t.diagnostic(`${browserHeaders.browser} is kept, this is ${found.browser}: npm run browser-headers -- --write`);
  for (const carrier of carriers) {
    for (const kind of requestKinds.filter((each) => carrier !== 'h2' || each !== 'socket')) {
      const head = found.heads[carrier][kind];
      assert.ok(head && head.length > 8, `${kind} over ${carrier}`);
      assert.doesNotMatch(head.join('\n'), /headless/i);
      assert.match(head.join('\n'), /^cookie: session=0123456789abcdef$/im);
    }
  }
});

test('a headless browser gets the name of one with a window', () => {
  assert.equal(named('User-Agent: Mozilla/5.0 HeadlessChrome/150.0.0.0'), 'User-Agent: Mozilla/5.0 Chrome/150.0.0.0');
  assert.equal(named('sec-ch-ua: "HeadlessChrome";v="150"'), 'sec-ch-ua: "Google Chrome";v="150"');
});
