import { generate } from 'selfsigned';
import { serverHost } from '../link/link-plan.ts';

/** A server's private key and self-signed certificate, both PEM. Clients trust the certificate itself. */
export type Certificate = { readonly key: string; readonly cert: string };

const dayMs = 86_400_000;
const validDays = 30;
const subject = 'polling-vs-websocket';

type Name = { readonly type: 2; readonly value: string } | { readonly type: 7; readonly ip: string };

/** Names of a trial's servers (RFC 5280, 4.2.1.6): loopback, and the server's host of the isolated network. */
const usualNames: readonly Name[] = [
  { type: 2, value: 'localhost' },
  { type: 7, ip: '127.0.0.1' },
  { type: 7, ip: serverHost },
];

/** Makes a P-256 key, the kind most sites have, and a certificate signed by itself. */
export async function makeCertificate(names: readonly Name[] = usualNames): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: subject }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of two machines may differ by some hours.
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + validDays * dayMs),
    extensions: [{ name: 'subjectAltName', altNames: [...names] }],
  });
  return { key: made.private, cert: made.cert };
}
