import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Browser, chromium as playwright } from 'playwright-core';
import { chromiumCommands, findCommand } from '../machine/host/system-tools.ts';
import { emit, range, startTestNode, until } from './harness.ts';

/** A browser reads what the server compresses, and each event reaches the page at once. */
const chromium = process.env.CHROMIUM ?? findCommand(...chromiumCommands);
const required = Boolean(process.env.CI || process.env.PVW_REQUIRE_TOOLS);
const skip = !chromium && !required && 'Chromium is missing: install it or set CHROMIUM to its path';

async function launch(): Promise<Browser> {
  assert.ok(chromium, 'Chromium is missing, but required here');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return playwright.launch({ executablePath: chromium, args });
}

const follow = `
  globalThis.seen = { sse: [], websocket: [] };
  new EventSource('/events?channel=0').onmessage = ({ data }) => seen.sse.push(JSON.parse(data)[0]);
  const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket?channel=0', 'pvw.json');
  socket.onmessage = ({ data }) => seen.websocket.push(JSON.parse(data)[0]);
  new Promise((open) => { socket.onopen = () => open(socket.extensions); });
`;

for (const contextTakeover of [true, false]) {
  test(`Chromium, contextTakeover ${contextTakeover}: each update arrives at once`, { skip }, async (t) => {
    const browser = await launch();
    t.after(() => browser.close());
    const node = await startTestNode({ compression: { contextTakeover } });
    t.after(() => node.close());
    const page = await browser.newPage();
    // The page is a 404; only its origin matters.
    await page.goto(`http://127.0.0.1:${node.port}/`);
    assert.match(await page.evaluate(follow), /^permessage-deflate/);
    await until(() => node.context.stream.subscribers(0) === 2, 'both are subscribed');
    for (const version of range(1, 12)) {
      emit(node, 'grüße '.repeat(version % 2 === 0 ? 1 : 500));
      const newest = `seen.sse.at(-1) === ${version} && seen.websocket.at(-1) === ${version}`;
      await page.waitForFunction(newest, undefined, { timeout: 10_000 });
    }
    assert.deepEqual(await page.evaluate('seen'), { sse: range(1, 12), websocket: range(1, 12) });
    emit(node, 'x'.repeat(3_000));
    const polled = `fetch('/updates?channel=0').then(async (answer) =>
      [answer.headers.get('content-encoding'), (await answer.text()).length])`;
    assert.deepEqual(await page.evaluate(polled), ['gzip', node.context.stream.newest(0)!.framed.length]);
  });
}
