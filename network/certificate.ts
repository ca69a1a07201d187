import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { serverHost } from './link-plan.ts';

/** A server's private key and its certificate, both as PEM. Whoever trusts the certificate trusts the server. */
export type Certificate = { readonly key: string; readonly cert: string };

const dayMs = 86_400_000;
const validDays = 30;
const subject = 'polling-vs-websocket';

/** Where servers of a trial are found: on loopback, by name, and on the server's host of the isolated network. */
const usualHosts: readonly string[] = ['localhost', '127.0.0.1', serverHost];

/**
 * Makes a key on P-256 and a certificate for it, signed by itself (RFC 5280, RFC 5480): the kind of key most sites have. It
 * is built here, field by field, because Node reads certificates and writes none, and a command would be one more thing
 * that has to be installed. `hosts`: names and IPv4 addresses that it is valid for.
 */
export function makeCertificate(hosts: readonly string[] = usualHosts): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(commonName, tagged(tags.utf8String, Buffer.from(subject)))));
  const toBeSigned = sequence(
    // Version 3, the one with extensions.
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    signatureAlgorithm,
    name,
    // Clocks of two machines may disagree by some hours.
    sequence(time(Date.now() - dayMs), time(Date.now() + validDays * dayMs)),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(subjectAltName, tagged(tags.octetString, sequence(...hosts.map(generalName)))))),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  // A bit string says first how many bits of its last byte are unused.
  const signed = sequence(toBeSigned, signatureAlgorithm, tagged(tags.bitString, Buffer.from([0]), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem('CERTIFICATE', signed) };
}

/** The identifiers of the distinguished encoding rules (X.690, 8.1.2) that a certificate needs. */
const tags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Object identifiers, encoded: 1.2.840.10045.4.3.2, 2.5.4.3 and 2.5.29.17. */
const signatureAlgorithm = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const commonName = Buffer.from('0603550403', 'hex');
const subjectAltName = Buffer.from('0603551d11', 'hex');

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

/** One byte up to 127, otherwise the number of bytes that follow, then these (X.690, 8.1.3). */
function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(tags.sequence, ...parts);
}

function set(...parts: readonly Uint8Array[]): Buffer {
  return tagged(tags.set, ...parts);
}

/** `bytes`: without a sign bit, which would make it negative. */
function integer(bytes: Uint8Array): Buffer {
  return tagged(tags.integer, bytes);
}

/** Positive, and never with a leading zero. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

/** `YYMMDDHHMMSSZ`, which serves until 2049. */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(2, 14);
  return tagged(tags.utcTime, Buffer.from(`${digits}Z`, 'latin1'));
}

/** A name or an address of the subject (RFC 5280, 4.2.1.6). */
function generalName(host: string): Buffer {
  if (isIPv4(host)) return tagged(0x87, Buffer.from(host.split('.').map(Number)));
  return tagged(0x82, Buffer.from(host, 'latin1'));
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
