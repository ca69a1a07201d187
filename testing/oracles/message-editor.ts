import { codecs } from '../../protocol/codec.ts';
import { frame, readFrames } from '../../protocol/framing.ts';
import type { Transport } from '../../protocol/transport.ts';

/**
 * Turns one encoded update into those that are passed on: none, others, or several. When a polling client asks again,
 * the same version may come again, so the result must depend on the version alone.
 */
export type Tamper = (update: Uint8Array, version: number) => readonly Uint8Array[];

/**
 * What is passed on to a client. `askAgainAfter`: no update remains of an answer, whose newest version was this one.
 */
export type Edited = { readonly bytes: Buffer } | { readonly askAgainAfter: number };

/** Edits the complete messages at the front of `bytes`, framed as one transport does. `rest`: an incomplete message. */
export type Editor = (bytes: Buffer) => { readonly edited: readonly Edited[]; readonly rest: Buffer };

const codec = codecs.json;
const headEnd = Buffer.from('\r\n\r\n', 'latin1');
const lineEnd = Buffer.from('\r\n', 'latin1');
const bracketOpen = 0x5b;

/**
 * Edits the updates of one connection and leaves all other bytes unchanged. So a hop that tampers with nothing acts
 * like a wire. Text encoding only.
 */
export const openEditor: Readonly<Record<Transport, (tamper: Tamper) => Editor>> = {
  'short-polling': pollEditor,
  'long-polling': pollEditor,
  sse: (tamper) => afterHead((bytes) => editChunk(bytes, tamper)),
  websocket: (tamper) => afterHead((bytes) => editWebSocketFrame(bytes, tamper)),
};

function apply(tamper: Tamper, update: Uint8Array): readonly Uint8Array[] {
  return tamper(update, codec.versionOf(update));
}

/** Edits the message at the front. `length`: its bytes before the change; undefined: it is incomplete. */
type EditOne = (bytes: Buffer) => { readonly edited: Edited; readonly length: number } | undefined;

function repeated(editOne: EditOne): Editor {
  return (bytes) => {
    const edited: Edited[] = [];
    let rest = bytes;
    for (let one = editOne(rest); one; one = editOne(rest)) {
      edited.push(one.edited);
      rest = rest.subarray(one.length);
    }
    return { edited, rest };
  };
}

/** A stream begins with the head of an HTTP answer, which passes unchanged. */
function afterHead(editOne: EditOne): Editor {
  let inHead = true;
  return repeated((bytes) => {
    if (!inHead) return editOne(bytes);
    const end = bytes.indexOf(headEnd);
    if (end < 0) return undefined;
    inHead = false;
    return { edited: { bytes: bytes.subarray(0, end + 4) }, length: end + 4 };
  });
}

/** RFC 6455, 5.2: the frames of a server are not masked. Control frames and acknowledgements pass unchanged. */
function editWebSocketFrame(bytes: Buffer, tamper: Tamper): ReturnType<EditOne> {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const headBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < headBytes) return undefined;
  const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const length = headBytes + size;
  if (bytes.length < length) return undefined;
  const payload = bytes.subarray(headBytes, length);
  const isUpdate = (bytes[0]! & 0x0f) === 1 && payload[0] === bracketOpen;
  const passed = isUpdate ? apply(tamper, payload).map(textFrame) : [bytes.subarray(0, length)];
  return { edited: { bytes: Buffer.concat(passed) }, length };
}

/** A text message as one frame of a server, with the shortest header that can hold its length. */
function textFrame(payload: Uint8Array): Buffer {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  if (payload.length < 126) {
    head[1] = payload.length;
  } else if (payload.length < 65_536) {
    head[1] = 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** RFC 9112, 7.1: the node writes one event, or one comment, as one chunk. */
function editChunk(bytes: Buffer, tamper: Tamper): ReturnType<EditOne> {
  const sizeEnd = bytes.indexOf(lineEnd);
  if (sizeEnd < 0) return undefined;
  const start = sizeEnd + 2;
  const end = start + Number.parseInt(bytes.toString('latin1', 0, sizeEnd), 16);
  if (bytes.length < end + 2) return undefined;
  const update = /^id: \d+\ndata: (\[.*)\n\n$/s.exec(bytes.toString('utf8', start, end))?.[1];
  const passed =
    update === undefined ? [bytes.subarray(0, end + 2)] : apply(tamper, Buffer.from(update, 'utf8')).map(eventChunk);
  return { edited: { bytes: Buffer.concat(passed) }, length: end + 2 };
}

/** An update as an event in a chunk of its own. */
function eventChunk(update: Uint8Array): Buffer {
  const event = Buffer.from(
    `id: ${codec.versionOf(update)}\ndata: ${Buffer.from(update).toString('utf8')}\n\n`,
    'utf8',
  );
  return Buffer.concat([Buffer.from(`${event.length.toString(16)}\r\n`, 'latin1'), event, lineEnd]);
}

/** Edits complete answers that have a Content-Length or no body. */
function pollEditor(tamper: Tamper): Editor {
  return repeated((bytes) => {
    const end = bytes.indexOf(headEnd);
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', 0, end + 4);
    const bodyBytes = Number(/\r\nContent-Length: (\d+)/i.exec(head)?.[1] ?? 0);
    const length = end + 4 + bodyBytes;
    if (bytes.length < length) return undefined;
    const isUpdates = head.startsWith('HTTP/1.1 200 ') && /\r\nContent-Type: application\/json\r/i.test(head);
    const edited = isUpdates
      ? editAnswer(head, bytes.subarray(end + 4, length), tamper)
      : { bytes: bytes.subarray(0, length) };
    return { edited, length };
  });
}

function editAnswer(head: string, body: Buffer, tamper: Tamper): Edited {
  const passed: Uint8Array[] = [];
  let newest = 0;
  readFrames(body, 0, body.length, (bytes, start, end) => {
    const update = bytes.subarray(start, end);
    newest = codec.versionOf(update);
    passed.push(...apply(tamper, update).map(frame));
  });
  if (passed.length === 0) return { askAgainAfter: newest };
  const bytes = Buffer.concat(passed);
  const sized = head.replace(/(\r\nContent-Length: )\d+/i, `$1${bytes.length}`);
  return { bytes: Buffer.concat([Buffer.from(sized, 'latin1'), bytes]) };
}
