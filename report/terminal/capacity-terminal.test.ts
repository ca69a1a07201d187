import assert from 'node:assert/strict';
import { test } from 'node:test';
import picocolors from 'picocolors';
import { directRoute } from '../../network/route/route.ts';
import { searchedRun } from '../../testing/synthetic/synthetic-search.ts';
import { renderReport } from '../page/html.ts';
import { renderTerminal } from './terminal.ts';

/** Whatever the environment says about colours. */
const plain = { width: 100, colors: picocolors.createColors(false) };

/** Lines may break anywhere. */
function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

test('a search has a row for each transport, what the limit was, and how to read it', () => {
  const run = searchedRun({ over: 'clients', least: 20, most: 2000 }, { sse: 130, websocket: 260 });
  const text = renderTerminal(run, plain);
  assert.match(text, /Plain: how much does one server carry\?/);
  assert.match(text, /clients, with a delivery latency of p99 below 250 ms/);
  assert.match(text, /^SSE +12\d +1[34]\d +1[12]\d to 1[345]\d +12\d +\S+$/m);
  assert.match(
    text,
    /- WebSocket carries 2\d\d clients, and typically fails at 2\d\d clients\. The limit: the server's core\./,
  );
  assert.match(text, /95% interval: of the load at which half/);
  assert.ok(text.split('\n').every((line) => line.length <= 100));
});

test('several servers are counted', () => {
  const { record, trials } = searchedRun({ over: 'clients', least: 20, most: 2000 }, { sse: 130 });
  const routes = [{ ...directRoute, name: '3-nodes', nodes: 3 }];
  const text = renderTerminal({ record: { ...record, plan: { ...record.plan, routes } }, trials }, plain);
  assert.match(text, /Plain: how much do 3 servers carry\?/);
});

test('a server that was not the limit is said to carry at least so much', () => {
  const text = renderTerminal(
    searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 100 }, { loadShare: 0.95 }),
    plain,
  );
  assert.match(text, /^SSE +≥ 9\d\.\d\d\/s +– +– /m);
  assert.match(onOneLine(text), /the limit was the core of the load processes, so the server may carry more/);
});

test('an objective that nothing meets is the answer, with the best that was seen', () => {
  const text = renderTerminal(searchedRun({ over: 'rate', least: 5, most: 500 }, { sse: 1 }), plain);
  assert.match(text, /^SSE +none +5\/s /m);
  assert.match(onOneLine(text), /SSE does not carry 5\/s, the least that was tried: the best window had p99 400 ms\./);
});

test('the most that was tried is no limit of the server', () => {
  const text = renderTerminal(searchedRun({ over: 'rate', least: 5, most: 50 }, { sse: 1000 }), plain);
  assert.match(text, /^SSE +≥ 4\d\.\d\d?\/s +– /m);
  assert.match(
    text,
    /SSE carries 4\d\.\d+\/s, the most that was tried \(more was not asked for\): it may carry more\./,
  );
});

test('searches of one transport are compared, and time that was too short is said', () => {
  const range = { over: 'rate', least: 5, most: 500 } as const;
  const [one, other] = [searchedRun(range, { sse: 100 }), searchedRun(range, { sse: 110 })];
  const trials = [...one.trials, ...other.trials.map((trial) => ({ ...trial, block: 1 }))];
  const plan = { ...one.record.plan, capacity: { ...one.record.plan.capacity!, searches: 2 } };
  const text = renderTerminal({ record: { ...one.record, plan }, trials }, plain);
  assert.match(text, /^SSE 1 .*\nSSE 2 /m);
  assert.match(onOneLine(text), /Between searches of one transport: SSE (1[0-3]|[789])(\.\d)?%\./);
  const short = renderTerminal(searchedRun(range, { sse: 100 }, { mostWindows: 25 }), plain);
  assert.match(
    onOneLine(short),
    /SSE: the time was over; .*by a first look it carries .* and fails at .*\. Give a longer --within\./,
  );
});

test('its page has the same answer, the knee, and every load', async () => {
  const run = searchedRun({ over: 'clients', least: 20, most: 2000 }, { sse: 130, websocket: 260 });
  const page = await renderReport(run);
  assert.match(page, /<h1>Plain: how much does one server carry\?<\/h1>/);
  assert.match(page, /WebSocket carries 2\d\d clients, and typically fails at 2\d\d clients/);
  assert.equal([...page.matchAll(/<svg class="panel"/g)].length, 3);
  assert.equal([...page.matchAll(/<line class="limit"/g)].length, 1);
  assert.match(page, /<th scope="col">Good windows<\/th>/);
  const main = page.slice(page.indexOf('<main>'), page.indexOf('</main>'));
  assert.doesNotMatch(main, />[^<]*(NaN|undefined|Infinity)[^<]*</);
});
