import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFrames } from './frame.ts';
import { exchangeText } from './specimen-text.ts';
import { captureSpecimens, samplePayload, specimenNames } from './specimens.ts';

const specimens = await captureSpecimens();
const update = Buffer.from(`[7,1005000000,0,${JSON.stringify(samplePayload)}]`);

test('two captures are equal to the byte', async () => {
  assert.deepEqual(await captureSpecimens(), specimens);
  assert.deepEqual(Object.keys(specimens).sort(), [...specimenNames].sort());
});

test('every transport carries the same update', () => {
  const [frame] = readFrames(specimens['socket-event'].down);
  assert.deepEqual(frame?.payload, update);
  for (const name of ['poll-news', 'hold-news', 'sse-event'] as const)
    assert.ok(specimens[name].down.includes(update), name);
  const [binary] = readFrames(specimens['socket-binary'].down);
  assert.deepEqual([binary?.opcode, binary?.payload.readUInt32BE(0)], [2, 7]);
  const data = /data: ?(\S+)/.exec(specimens['sse-binary'].down.toString('latin1'))?.[1];
  assert.deepEqual(Buffer.from(data ?? '', 'base64'), binary?.payload);
});

test('the three lines of an event end in LF, the chunk around them in CR LF', () => {
  const event = specimens['sse-event'].down;
  assert.equal(String(event), `4b\r\nid: 7\ndata: ${String(update)}\n\n\r\n`);
  assert.equal(event.length, 81);
});

test('polls with and without news differ as expected', () => {
  assert.deepEqual(specimens['poll-empty'].up, specimens['poll-news'].up);
  assert.match(specimens['poll-empty'].down.toString('latin1'), /^HTTP\/1\.1 204 /);
  assert.match(specimens['poll-news'].down.toString('latin1'), /^HTTP\/1\.1 200 /);
  assert.match(specimens['hold-news'].up.toString('latin1'), /^GET \S+&wait=25000 HTTP/);
});

test('a ping, its pong and a close are the frames of RFC 6455, 5.5', () => {
  assert.equal(specimens['socket-ping'].down.toString('hex'), '8900');
  assert.equal(specimens['socket-ping'].up.toString('hex'), '8a8037fa213d');
  assert.equal(specimens['socket-close'].down.toString('hex'), '880203e8');
  assert.equal(specimens['sse-comment'].down.toString('latin1'), '3\r\n:\n\n\r\n');
});

test('an exchange is shown in the order in which it happened', () => {
  const lines = exchangeText(specimens['socket-ping'], true).split('\n');
  assert.deepEqual(
    lines.map((line) => line.slice(0, 7)),
    ['← 89 00', '→ 8a 80', '→ 37 fa'],
  );
  assert.match(lines[0]!, /1·000·1001 0·0000000: .*opcode 9, ping, no mask, no payload$/);
  assert.equal(
    exchangeText(specimens['poll-empty']).split('\n')[0],
    '→ GET /updates?channel=0&client=0&after=6 HTTP/1.1',
  );
});
