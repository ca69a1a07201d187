import type { Bundle } from '../../bench/local/bundle.ts';
import { type Heard, type IsolatedPrograms, runIsolated } from './isolated-programs.ts';

const port = 7000;
/**
 * Milliseconds, longer than jitter: packets keep their order, so one that follows a late packet closely is late too.
 */
const pauseMs = 50;

const server = `require('node:net').createServer((socket) => {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (asked) => socket.end(Buffer.alloc(Number(asked.toString()))));
}).listen(${port}, process.argv[1], () => console.log('listening'));`;

/** Arguments: host, attempts, sizes. Prints [connected, first byte, last byte] by attempt and size in JSON. */
const client = `const { connect } = require('node:net');
const [host, attempts, ...sizes] = process.argv.slice(1);
const attempt = (bytes) => new Promise((resolve) => {
  const startedMs = performance.now();
  const times = [];
  const note = () => times.push(performance.now() - startedMs);
  const socket = connect({ port: ${port}, host, noDelay: true }, () => { note(); socket.write(bytes); });
  socket.once('data', note);
  socket.resume().once('end', () => { note(); socket.end(); resolve(times); });
});
(async () => {
  const tried = [];
  for (let i = 0; i < Number(attempts); i++) {
    const times = [];
    for (const bytes of sizes) {
      await new Promise((resolve) => setTimeout(resolve, ${pauseMs}));
      times.push(await attempt(bytes));
    }
    tried.push(times);
  }
  console.log(JSON.stringify(tried));
})();`;

/** Milliseconds from the start of connecting, of a fresh connection. */
export type Transfer = { readonly connectMs: number; readonly firstByteMs: number; readonly lastByteMs: number };

export type Transfers = {
  /** All attempts, by size. */
  readonly bySize: readonly (readonly Transfer[])[];
} & Pick<Heard, 'datagrams'>;

type Asked = Pick<IsolatedPrograms, 'link'> & {
  /** Bytes of each answer. */
  readonly sizes: readonly number[];
  readonly attempts: number;
};

/** For tests only: requests answers of these sizes, one after the other, over an isolated network of its own. */
export async function timedTransfers(bundle: Bundle, { link, sizes, attempts }: Asked): Promise<Transfers> {
  const words = [attempts, ...sizes].map(String);
  const { stdout, datagrams } = await runIsolated(bundle, { link, server, client, words });
  const tried = JSON.parse(stdout) as readonly (readonly (readonly [number, number, number])[])[];
  const bySize = sizes.map((_, size) =>
    tried.map((times) => {
      const [connectMs, firstByteMs, lastByteMs] = times[size]!;
      return { connectMs, firstByteMs, lastByteMs };
    }),
  );
  return { bySize, datagrams };
}

/** The smallest value of some attempts. A busy machine only adds to what the path itself takes. */
export function best(tried: readonly Transfer[], of: keyof Transfer): number {
  return Math.min(...tried.map((transfer) => transfer[of]));
}
