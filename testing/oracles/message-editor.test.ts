import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Transport, transports } from '../../protocol/transport.ts';
import { openEditor, type Tamper } from './message-editor.ts';

const first = '[1,1000000000,0,"a"]';
const second = '[2,1000000000,0,"b"]';
const long = `[3,1000000000,0,"${'x'.repeat(200)}"]`;

const sseHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const upgradeHead = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';
const pollHead = (bytes: number) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\nKeep-Alive: timeout=600\r\n\r\n`;
const empty = 'HTTP/1.1 204 No Content\r\nKeep-Alive: timeout=600\r\n\r\n';
const event = (version: number, update: string) => {
  const text = `id: ${version}\ndata: ${update}\n\n`;
  return `${text.length.toString(16)}\r\n${text}\r\n`;
};
const frames = [`\x81\x14${first}`, `\x81\x14${second}`, `\x81\x7e\x00\xdb${long}`];
const framed = [`20:${first},`, `20:${second},`, `219:${long},`];

/** What a server sends for three updates, with everything else that it may send between them. */
const sent: Readonly<Record<Transport, readonly string[]>> = {
  'short-polling': [pollHead(48), framed[0]!, framed[1]!, empty, pollHead(224), framed[2]!],
  'long-polling': [pollHead(48), framed[0]!, framed[1]!, empty, pollHead(224), framed[2]!],
  sse: [sseHead, '7\r\nid: 0\n\n\r\n', event(1, first), event(2, second), '3\r\n:\n\n\r\n', event(3, long)],
  websocket: [upgradeHead, frames[0]!, '\x89\x00', frames[1]!, '\x81\x0d{"ack":[1,4]}', frames[2]!],
};

/** Passes a text through the editor in two pieces, split at `cut`. */
function pass(transport: Transport, text: string, cut: number, tamper: Tamper): string {
  const edit = openEditor[transport](tamper);
  let out = '';
  let waiting = Buffer.alloc(0);
  for (const piece of [text.slice(0, cut), text.slice(cut)]) {
    const { edited, rest } = edit(Buffer.concat([waiting, Buffer.from(piece, 'latin1')]));
    waiting = Buffer.from(rest);
    for (const each of edited) out += 'bytes' in each ? each.bytes.toString('latin1') : `<after ${each.askAgainAfter}>`;
  }
  assert.equal(waiting.length, 0);
  return out;
}

for (const transport of transports) {
  const text = sent[transport].join('');

  test(`${transport}: without tampering every byte passes, wherever the stream is split`, () => {
    for (let cut = 0; cut <= text.length; cut++) {
      const seen: number[] = [];
      const out = pass(transport, text, cut, (update, version) => {
        seen.push(version);
        return [update];
      });
      assert.equal(out, text);
      assert.deepEqual(seen, [1, 2, 3]);
    }
  });
}

const onlySecond: Tamper = (update, version) => (version === 2 ? [update, update] : []);

test('remaining updates are framed again; a poll of whose answer nothing remains is repeated', () => {
  const polled = `${pollHead(48)}${framed[1]!.repeat(2)}${empty}<after 3>`;
  const out = (transport: Transport) => pass(transport, sent[transport].join(''), 0, onlySecond);
  assert.equal(out('short-polling'), polled);
  assert.equal(out('long-polling'), polled);
  assert.equal(out('sse'), `${sseHead}7\r\nid: 0\n\n\r\n${event(2, second).repeat(2)}3\r\n:\n\n\r\n`);
  assert.equal(out('websocket'), `${upgradeHead}\x89\x00${frames[1]!.repeat(2)}\x81\x0d{"ack":[1,4]}`);
});

test('an update that becomes longer gets a longer frame header or Content-Length', () => {
  const lengthened: Tamper = (update, version) => (version === 1 ? [Buffer.from(long)] : [update]);
  const out = (transport: Transport) => pass(transport, sent[transport].slice(0, 3).join(''), 0, lengthened);
  assert.equal(out('websocket'), `${upgradeHead}${frames[2]}\x89\x00`);
  assert.equal(out('short-polling'), `${pollHead(248)}${framed[2]}${framed[1]}`);
});
