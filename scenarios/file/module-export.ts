import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deserialize } from 'node:v8';
import { plainText } from '../../text/plain-text.ts';
import { reasonOf } from '../../text/reason.ts';
import { UsageError } from '../../text/usage-error.ts';

export const allowedExport = 'export default a scenario, or a list of them, as plain data';

const loadedWithinMs = 8_000;
/** Of the whole process, in which Node.js and the loader take some 100 MiB. */
const mostMemoryBytes = 512 * 1024 * 1024;
const memoryEveryMs = 50;
/** A scenario has some hundred bytes, and a trace in it may have some thousand instants. */
const mostBytes = 4 * 1024 * 1024;
const mostScenarios = 1_000;
/** Characters of a module's own output that are passed on. */
const mostOutput = 64 * 1024;

/** What the process answers: the serialised default export, or why there is none. */
type Answer =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'none' | 'large' }
  | { readonly kind: 'unloadable' | 'not-data'; readonly reason: string };

type Given = {
  readonly loader: string;
  readonly url: string;
  readonly parentURL: string;
  readonly mostBytes: number;
};

/**
 * The default export of a module, copied as plain data: the values that are checked are the ones that run. The module
 * runs in a process of its own, so it cannot end this one, change its directory, hold it up or fail later.
 * Throws a `UsageError` that names the file.
 */
export async function exportedData(file: string): Promise<unknown> {
  const answer = asAnswer(await askProcess(file));
  switch (answer?.kind) {
    case 'none':
      throw refusal(file, 'has no default export');
    case 'large':
      throw refusal(file, `exports more than ${mostBytes / 1024 / 1024} MiB`);
    case 'unloadable':
      throw refusal(file, `cannot be loaded (${plainText(answer.reason, 300)})`);
    case 'not-data':
      throw refusal(file, `is no plain data (${plainText(answer.reason, 300)})`);
    case 'data':
      return bounded(file, answer.bytes);
    default:
      throw refusal(file, 'sent a message while it was being loaded');
  }
}

/** The module itself may send messages, too: any value. */
function asAnswer(message: unknown): Answer | undefined {
  const { kind, bytes, reason } = (message ?? {}) as Readonly<Record<string, unknown>>;
  if (kind === 'none' || kind === 'large') return { kind };
  if (kind === 'data' && bytes instanceof Uint8Array) return { kind, bytes };
  if ((kind === 'unloadable' || kind === 'not-data') && typeof reason === 'string') return { kind, reason };
  return undefined;
}

function bounded(file: string, bytes: Uint8Array): unknown {
  const data = dataIn(file, bytes);
  if (Array.isArray(data) && data.length > mostScenarios) {
    throw refusal(file, `exports ${data.length} scenarios, at most ${mostScenarios} are allowed`);
  }
  return data;
}

function dataIn(file: string, bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw refusal(file, `is no plain data (${plainText(reasonOf(error), 300)})`);
  }
}

function askProcess(file: string): Promise<unknown> {
  const given: Given = {
    loader: import.meta.resolve('tsx/esm/api'),
    url: pathToFileURL(resolve(file)).href,
    parentURL: import.meta.url,
    mostBytes,
  };
  const child = spawn(process.execPath, ['-e', `(${loading.toString()})()`], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  passOnOutput(child);
  return new Promise<unknown>((answered, failed) => {
    const timer = setTimeout(
      () => failed(refusal(file, `did not finish loading within ${loadedWithinMs / 1000} s`)),
      loadedWithinMs,
    );
    const memory = setInterval(() => {
      if (residentBytes(child.pid!) < mostMemoryBytes) return;
      failed(refusal(file, `takes more than ${mostMemoryBytes / 1024 / 1024} MiB of memory`));
    }, memoryEveryMs);
    child.once('message', answered);
    child.once('error', (error) => failed(refusal(file, `cannot be loaded (${plainText(reasonOf(error), 300)})`)));
    child.once('exit', () => {
      clearTimeout(timer);
      clearInterval(memory);
      failed(refusal(file, 'ended the process while it was being loaded'));
    });
    child.send(given, (error) => error && failed(refusal(file, 'ended the process while it was being loaded')));
  }).finally(() => child.kill('SIGKILL'));
}

/** Resident memory of a process by proc(5) `status`; 0 if unknown. */
function residentBytes(pid: number): number {
  try {
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Standard output is for results alone, and what a module prints may hold anything. */
function passOnOutput({ stdout, stderr }: ChildProcess): void {
  let left = mostOutput;
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text.slice(0, left).replace(/[^\P{Cc}\n\t]/gu, ''));
      left = Math.max(0, left - text.length);
    });
  }
}

// Sent to the process as text. It must not use anything from its surroundings, nor named functions: a loader may wrap
// them.
function loading(): void {
  const { serialize } = require('node:v8') as typeof import('node:v8');
  // Kept, because a module can replace what `process` has.
  const send = process.send!.bind(process) as (answer: Answer) => void;
  process.once('message', ({ loader, url, parentURL, mostBytes }: Given) => {
    // Keeps the process alive, so that it ends early only if the module ends it.
    setInterval(() => {}, 1_000);
    import(loader)
      .then(({ tsImport }) => tsImport(url, { parentURL, tsconfig: false }))
      .then(
        (loaded) => {
          // Without "type": "module" in a package.json, the loader nests the exports one level deeper, as for CommonJS.
          const outer = loaded.default;
          const inner = outer?.__esModule ? outer.default : outer;
          if (inner === undefined) {
            send({ kind: 'none' });
            return;
          }
          try {
            const bytes = serialize(inner);
            send(bytes.length > mostBytes ? { kind: 'large' } : { kind: 'data', bytes });
          } catch (error) {
            // A function, a promise, or a getter that throws.
            send({ kind: 'not-data', reason: String((error as Error)?.message ?? error) });
          }
        },
        (error: unknown) => {
          send({ kind: 'unloadable', reason: error instanceof Error ? error.message : String(error) });
        },
      );
  });
}

function refusal(file: string, what: string): UsageError {
  return new UsageError(plainText(`${file}: ${what}; ${allowedExport}`));
}
