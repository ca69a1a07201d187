import { type Frame, opcodeNames, readFrames } from './frame.ts';
import { acceptDigest, acceptFor, handshakeGuid, sampleKey } from './handshake.ts';
import type { Exchange } from './tap.ts';

type Arrow = '→' | '←';

/**
 * An exchange as text: HTTP line by line, frames as bytes with their meaning. → goes to the server, ← comes back.
 * `answered` means that the server sent first, so its bytes are shown first.
 */
export function exchangeText({ up, down }: Exchange, answered = false): string {
  const lines = [directionLines('→', up), directionLines('←', down)];
  return (answered ? lines.reverse() : lines).flat().join('\n');
}

function directionLines(arrow: Arrow, bytes: Buffer): readonly string[] {
  if (bytes.length === 0) return [];
  return isText(bytes) ? textLines(arrow, bytes) : readFrames(bytes).flatMap((frame) => frameLines(arrow, frame));
}

/** HTTP starts with a letter or digit. A frame with the FIN bit starts with 0x80 or more. */
function isText(bytes: Buffer): boolean {
  return bytes[0]! < 0x80;
}

function textLines(arrow: Arrow, bytes: Buffer): readonly string[] {
  // Without the final line break, which would give an empty last line.
  const lines = bytes
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  return lines.map((line) => `${arrow} ${line}`.trimEnd());
}

const shownBytes = 6;
const hexWidth = 3 * shownBytes + 1;

function frameLines(arrow: Arrow, { fin, opcode, head, mask, payload, sent }: Frame): readonly string[] {
  const meaning = [
    fin ? 'the message ends here' : 'more of the message follows',
    `opcode ${opcode}, ${opcodeNames[opcode] ?? 'unknown'}`,
    mask ? 'masked' : 'no mask',
    payload.length === 0 ? 'no payload' : `${payload.length} bytes of payload`,
  ].join(', ');
  return [
    line(arrow, head, `${fieldBits(head)}: ${meaning}`),
    ...(mask ? [line(arrow, mask, 'the mask')] : []),
    ...(payload.length > 0
      ? [line(arrow, sent, `${mask ? 'without the mask: ' : ''}${payloadText(opcode, payload)}`)]
      : []),
  ];
}

/** The first two bytes as bits, with a dot between fields: end, reserved, opcode; mask, length. */
function fieldBits(head: Buffer): string {
  const [first, second] = [head[0]!, head[1]!].map((byte) => byte.toString(2).padStart(8, '0'));
  return `${first![0]}·${first!.slice(1, 4)}·${first!.slice(4)} ${second![0]}·${second!.slice(1)}`;
}

function line(arrow: Arrow, bytes: Buffer, meaning: string): string {
  const shown = hex(bytes.subarray(0, shownBytes)) + (bytes.length > shownBytes ? ' …' : '');
  return `${arrow} ${shown.padEnd(hexWidth + 2)} ${meaning}`;
}

/** A close frame begins with its code (RFC 6455, 5.5.1). */
function payloadText(opcode: number, payload: Buffer): string {
  if (opcode === 8) return `code ${payload.readUInt16BE(0)} ${payload.toString('utf8', 2)}`.trimEnd();
  return [...payload.toString('latin1')].map((character) => (/[ -~]/.test(character) ? character : '·')).join('');
}

/** How a server derives the answer to a handshake's key, shown with the RFC's example. */
export function handshakeText(): string {
  return [
    `  ${sampleKey.padEnd(38)} the key that the client sent`,
    `+ ${handshakeGuid.padEnd(38)} the constant of RFC 6455`,
    '= SHA-1 of both, as one text:',
    `  ${hex(acceptDigest(sampleKey))}`,
    '= these twenty bytes in base64:',
    `  ${acceptFor(sampleKey)}`,
  ].join('\n');
}

function hex(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
