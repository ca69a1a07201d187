import { generate } from 'selfsigned';
import { serverHost } from '../link/link-plan.ts';

/** A server's private key and its certificate, both as PEM. Whoever trusts the certificate trusts the server. */
export type Certificate = { readonly key: string; readonly cert: string };

const dayMs = 86_400_000;
const validDays = 30;
const subject = 'polling-vs-websocket';

type Name = { readonly type: 2; readonly value: string } | { readonly type: 7; readonly ip: string };

/** Where servers of a trial are found (RFC 5280, 4.2.1.6): on loopback, and on the server's host of the isolated network. */
const usualNames: readonly Name[] = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: serverHost },
];

/** Makes a key on P-256, the kind that most sites have, and a certificate for it that is signed by itself. */
export async function makeCertificate(names: readonly Name[] = usualNames): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: subject }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of two machines may disagree by some hours.
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + validDays * dayMs),
    extensions: [{ name: 'subjectAltName', altNames: [...names] }],
  });
  return { key: made.private, cert: made.cert };
}
