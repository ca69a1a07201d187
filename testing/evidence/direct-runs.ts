import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trialWarnings } from '../../analysis/validity/validity.ts';
import { isInvalid } from '../../analysis/validity/warning.ts';
import { projectRoot } from '../../machine/host/project-root.ts';
import { transports } from '../../protocol/transport.ts';
import type { CompletedTrial, Run } from '../../results/schema/schema.ts';
import { readRun } from '../../results/store/read-run.ts';
import { configurationOf, freePorts, loopback, type ProxyName, startProxy } from '../commands/via-proxies.ts';
import type { Evidence, Finding } from './evidence.ts';

/** Of thirty runs. */
const leastValidShare = 28 / 30;
const pvw = join(projectRoot, 'bin/pvw.js');

/** A way from clients to server without a delay: its name, and the options that README gives for it. */
type Way = { readonly name: string; readonly options: readonly string[] };

/** One run over a way. */
type Ran = { readonly way: string; readonly code: number; readonly run: Run };

type Teardown = () => unknown;

/** Runs without a round trip to hide behind: is what the instrument adds small enough beside a millisecond? */
export const directRunsEvidence: Evidence = {
  summary: 'chat room, smoke, ten times each on loopback, through NGINX and through HAProxy: at least 28 of 30 valid',
  hasOptions: true,
  measure: async (say, options) => {
    const runs = runsAsked(options);
    const teardowns: Teardown[] = [];
    try {
      const home = mkdtempSync(join(tmpdir(), 'pvw-direct-runs-'));
      teardowns.push(() => rmSync(home, { recursive: true, force: true }));
      const ways = [
        { name: 'loopback', options: ['--network', 'loopback', '--rtt', '0'] },
        await through('nginx', teardowns),
        await through('haproxy', teardowns),
      ];
      const ran: Ran[] = [];
      for (let round = 1; round <= runs; round++) {
        // Round by round, so that a bad minute of the machine falls on all of them.
        for (const way of ways) {
          ran.push(await run(way, join(home, `${way.name}-${round}`)));
          say(`${round}/${runs} ${describe(ran.at(-1)!)}`);
        }
      }
      return [wholeFinding(ran), ...ways.map(({ name }) => wayFinding(ran.filter(({ way }) => way === name)))];
    } finally {
      for (const teardown of teardowns.reverse()) await teardown();
    }
  },
};

function runsAsked(options: readonly string[]): number {
  const { values } = parseArgs({ args: [...options], options: { runs: { type: 'string', default: '10' } } });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs: ${values.runs} is no count`);
  return runs;
}

/** Starts a proxy with the configuration that README shows, on free ports of loopback. */
async function through(name: ProxyName, teardowns: Teardown[]): Promise<Way> {
  const [port, behind] = await freePorts();
  const after = (teardown: Teardown) => void teardowns.push(teardown);
  await startProxy({ after }, name, port, configurationOf(name, port, behind!));
  return { name, options: ['--listen', String(behind), '--via', `http://${loopback}:${port}`] };
}

function run({ name, options }: Way, directory: string): Promise<Ran> {
  const words = ['run', 'chat-room', '--profile', 'smoke', ...options, '--quiet', '--out', directory];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [pvw, ...words], (error, _stdout, stderr) => {
      const code = error ? error.code : 0;
      // 4: it was measured, and is invalid.
      if (code !== 0 && code !== 4) reject(new Error(`pvw ${words.join(' ')}: exit code ${code}: ${stderr}`));
      else resolve({ way: name, code, run: readRun(directory) });
    });
  });
}

function completed({ run: { trials } }: Ran): readonly CompletedTrial[] {
  return trials.filter((trial) => trial.status === 'completed');
}

/** Why a run does not count; empty if all four transports are valid. */
function faultsOf(ran: Ran): readonly string[] {
  const failed = ran.run.trials.flatMap((trial) =>
    trial.status === 'failed' ? [`${trial.transport} failed: ${trial.reason}`] : [],
  );
  const invalid = completed(ran).flatMap((trial) =>
    trialWarnings(trial)
      .filter(isInvalid)
      .map(({ text }) => `${trial.transport}: ${text}`),
  );
  const missing = transports.filter((name) => !ran.run.trials.some(({ transport }) => transport === name));
  return [...failed, ...invalid, ...missing.map((name) => `${name} is missing`)];
}

function describe(ran: Ran): string {
  const faults = faultsOf(ran);
  return `${ran.way}: ${faults.length === 0 ? 'valid' : faults.join(' ')}`;
}

function wholeFinding(ran: readonly Ran[]): Finding {
  const valid = ran.filter((each) => each.code === 0 && faultsOf(each).length === 0).length;
  return {
    claim: 'at least 28 of 30 runs are valid for all four transports',
    found: `${valid} of ${ran.length}`,
    holds: valid >= leastValidShare * ran.length,
    figures: { runs: ran.length, valid },
  };
}

/** A transport that pushes takes a millisecond or two here. A proxy that holds events back for a full packet takes 200. */
const mostPushedMs = 50;

/** What was wrong over one way, and how late publishes left beside the latency. */
function wayFinding(ran: readonly Ran[]): Finding {
  const faults = ran.flatMap(faultsOf);
  const trials = ran.flatMap(completed);
  const publishUs = trials.map(({ lateness }) => lateness.publish.p90Ms * 1000);
  const p50s = transports.map((name) => {
    const all = trials.filter(({ transport }) => transport === name).map(({ latency }) => latency.delivery.p50Ms);
    return { name, leastMs: Math.min(...all) };
  });
  const held = p50s.filter(({ name, leastMs }) => name !== 'short-polling' && leastMs > mostPushedMs);
  return {
    claim: `${ran[0]!.way}: each trial was measured, and no update that is pushed is held back`,
    found:
      `${trials.length} trials, publishes left at most ${Math.max(...publishUs).toFixed(0)} µs late at p90; least p50 in ms: ` +
      `${p50s.map(({ name, leastMs }) => `${name} ${leastMs.toFixed(2)}`).join(', ')}${faults.map((fault) => `; ${fault}`).join('')}`,
    holds: trials.length === ran.length * transports.length && held.length === 0,
  };
}
