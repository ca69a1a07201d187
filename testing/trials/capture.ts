import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolPath } from '../../network/isolated/refusal.ts';

/** For tests only: one frame that tcpdump recorded. */
export type CapturedFrame = {
  readonly atMs: number;
  readonly sourceMac: string;
  /** Length of the whole frame, without checksum. */
  readonly bytes: number;
  /** The beginning of the frame, up to the limit of the capture. */
  readonly kept: Buffer;
};

export type Capture = { readonly stop: () => Promise<readonly CapturedFrame[]> };

// Ethernet, IPv4 and TCP with all options.
const headBytes = 128;

/**
 * For tests only: captures what passes a device, into `file`. `enter`: the command that enters its namespace;
 * `keptBytes`: how many bytes of each frame to keep.
 */
export async function startCapture(
  enter: readonly string[],
  device: string,
  file: string,
  keptBytes = headBytes,
): Promise<Capture> {
  const tcpdump = [
    'tcpdump',
    '-i',
    device,
    '-n',
    '-U',
    '--immediate-mode',
    '-Z',
    'root',
    '-s',
    String(keptBytes),
    '-w',
    file,
  ];
  const [command, ...given] = [...enter, ...tcpdump];
  const child = spawn(command!, given, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: toolPath },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('listening on')) resolve();
    });
    ended.then(() => reject(new Error(`tcpdump: ${said.trim()}`)));
    child.once('error', reject);
  });
  return {
    stop: async () => {
      await untilWritten(file);
      child.kill('SIGINT');
      await ended;
      if (!/\b0 packets dropped by kernel/.test(said)) throw new Error(`tcpdump: ${said.trim()}`);
      return framesOf(readFileSync(file));
    },
  };
}

/** Waits until the file stops growing. Packets still in the kernel's buffer would be lost when tcpdump stops. */
async function untilWritten(file: string): Promise<void> {
  for (let size = -1, stillMs = 0; stillMs < 300; stillMs += 50) {
    await sleep(50);
    const now = statSync(file).size;
    if (now !== size) stillMs = 0;
    size = now;
  }
}

const fileHeaderBytes = 24;
const recordHeaderBytes = 16;
/** Microseconds, little-endian (pcap-savefile(5)). */
const magic = 0xa1b2c3d4;

function framesOf(file: Buffer): readonly CapturedFrame[] {
  if (file.readUInt32LE(0) !== magic) throw new Error('capture: unknown format');
  const frames: CapturedFrame[] = [];
  for (let at = fileHeaderBytes; at < file.length; ) {
    const atMs = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000;
    const kept = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + recordHeaderBytes, at + recordHeaderBytes + kept);
    frames.push({ atMs, sourceMac: frame.toString('hex', 6, 12), bytes: file.readUInt32LE(at + 12), kept: frame });
    at += recordHeaderBytes + kept;
  }
  return frames;
}
