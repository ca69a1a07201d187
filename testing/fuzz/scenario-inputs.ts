import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleScenario } from '../../scenarios/file/scenario-example.ts';
import { readScenarioFile } from '../../scenarios/file/scenario-file.ts';
import type { Random } from '../../scenarios/random.ts';
import { BadTrace, readTrace } from '../../scenarios/trace.ts';
import { UsageError } from '../../text/usage-error.ts';
import { hostileTexts, mutatedData, mutatedText } from './hostile.ts';
import { type Kind, terminalFault } from './kind.ts';

const yamlPieces: readonly string[] = [
  ...hostileTexts,
  '[',
  '{',
  '- ',
  '? ',
  '&a ',
  '*a',
  '!!binary ',
  '%YAML 9.9\n',
  '---\n',
  '...\n',
  '|+9\n',
  '>-\n',
  '\t',
  '<<: *a\n',
  'extends: chat-room\n',
  '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[',
  '- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -',
];

const jsonScenario = {
  name: 'orders',
  title: 'Orders',
  summary: 'State of orders.',
  clients: 50,
  channels: 5,
  origin: 'server',
  arrivals: { kind: 'bursts', perSecond: 0.5, size: 10, gap: '50ms' },
  payload: { kind: 'notice', bytes: 200 },
  inputs: { arrivals: { kind: 'poisson', perSecond: 1 }, payload: { kind: 'reaction', bytes: 80 } },
  semantics: 'latest',
  pollCohorts: ['500ms', '1s'],
  hold: '10s',
  duration: '5s',
};

/** Texts of scenario files in YAML. */
export const yamlKind: Kind = fileKind(['yaml'], (random) =>
  mutatedText(exampleScenario('orders.yaml'), random, yamlPieces),
);

/** Scenario files in JSON: wrong data, and wrong text. */
export const jsonKind: Kind = fileKind(['json'], (random) => {
  const text = JSON.stringify(mutatedData(jsonScenario, random), null, random.integer(3));
  return random.integer(4) === 0 ? mutatedText(text, random) : text;
});

/** Files with one of these extensions, each of them new: a module is loaded once. */
export function fileKind(extensions: readonly string[], make: (random: Random) => string): Kind {
  let count = 0;
  return inDirectory(async (directory, random) => {
    const file = join(directory, `scenario-${count++}.${random.pick(extensions)}`);
    writeFileSync(file, make(random));
    try {
      await readScenarioFile(file);
      return undefined;
    } catch (error) {
      return refusalFault(error, error instanceof UsageError);
    }
  });
}

/** Traces of arrivals. */
export const traceKind: Kind = inDirectory(async (directory, random) => {
  const path = join(directory, 'trace.txt');
  const lines = Array.from({ length: 1 + random.integer(50) }, (_, i) => `${i * 10 + random.float()}`);
  writeFileSync(path, mutatedText(`# a trace\n${lines.join('\n')}\nlength 1000\n`, random));
  try {
    const { instantsMs, lengthMs } = readTrace(path);
    const isSound = instantsMs.every((ms, i) => ms >= (instantsMs[i - 1] ?? 0) && ms < lengthMs);
    return isSound ? undefined : `accepted ${JSON.stringify({ instantsMs, lengthMs }).slice(0, 200)}`;
  } catch (error) {
    return refusalFault(error, error instanceof BadTrace);
  }
});

function refusalFault(error: unknown, isRefusal: boolean): string | undefined {
  if (!isRefusal) return error instanceof Error ? error.stack : String(error);
  const { message } = error as Error;
  if (message.includes('\n')) return `more than one line: ${JSON.stringify(message.slice(0, 300))}`;
  return terminalFault(message);
}

function inDirectory(attempt: (directory: string, random: Random) => Promise<string | undefined>): Kind {
  return {
    open: async () => {
      const directory = mkdtempSync(join(tmpdir(), 'fuzz-'));
      return {
        attempt: (random) => attempt(directory, random),
        close: async () => rmSync(directory, { recursive: true, force: true }),
      };
    },
  };
}
