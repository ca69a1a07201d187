import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { trialWarnings } from '../../../analysis/validity/validity.ts';
import type { Transport } from '../../../protocol/transport.ts';
import type { TrialRecord } from '../../../results/schema/schema.ts';
import { readRun } from '../../../results/store/read-run.ts';
import { type Random, randomFrom } from '../../../scenarios/random.ts';
import { seedFrom } from '../../../scenarios/seed.ts';
import { attempt } from '../../../text/attempt.ts';
import { processesOf, startCommand } from '../../commands/started-command.ts';
import type { Evidence } from '../evidence.ts';

const roles = ['server', 'nginx', 'backplane', 'source', 'load'] as const;
const blows = ['SIGKILL', 'SIGSTOP'] as const;
const stoppedMs = 2_000;
/** 500 clients that each get 25 updates a second, for 12 s: 150,000 deliveries if nothing happens. */
const scenario = `name: campaign
clients: 500
channels: 10
arrivals: {kind: poisson, perSecond: 25}
payload: {kind: presence, bytes: 90}
semantics: every
pollInterval: 1s
`;
const windowMs = 12_000;
const leastDeliveries = 1_000_000;
/** From the start of the load on, so that some strike while clients connect. */
const blowWithinMs = { least: 1_000, most: windowMs };

type Role = (typeof roles)[number];
type Struck = { readonly name: string; readonly trials: readonly TrialRecord[] };

/** Processes that die or stop under load: a trial is complete, or says where and why it failed. */
export const faultCampaignEvidence: Evidence = {
  summary: 'servers, NGINX, backplane, source and load killed or stopped under load, over two transports',
  measure: async (say) => {
    const home = mkdtempSync(join(tmpdir(), 'campaign-'));
    const random = randomFrom(seedFrom('fault-campaign'));
    const struck: Struck[] = [];
    try {
      writeFileSync(join(home, 'campaign.yaml'), scenario);
      for (const role of roles) {
        for (const blow of blows) {
          for (const transport of ['websocket', 'long-polling'] as const) {
            const name = `${role} ${blow === 'SIGKILL' ? 'killed' : 'stopped'}, ${transport}`;
            const out = name.replaceAll(/\W+/g, '-');
            const trials = await strike(home, out, { role, blow, transport }, random);
            struck.push({ name, trials });
            say(`${name}: ${trials.map(textOf).join('; ')}`);
          }
        }
      }
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
    const all = struck.flatMap(({ trials }) => trials);
    const deliveries = all.reduce((sum, trial) => sum + (trial.status === 'completed' ? trial.ledger.received : 0), 0);
    const wrong = struck.filter(({ trials }) => trials.length !== 1 || !trials.every(isNamed));
    return [
      {
        claim: `${struck.length} trials, in each of which a process dies or stops: complete, or failed with stage and reason`,
        found:
          wrong.map(({ name, trials }) => `${name}: ${trials.map(textOf).join('; ') || 'no trial'}`).join(', ') ||
          'all',
        holds: wrong.length === 0,
      },
      {
        claim: `at least ${leastDeliveries} deliveries of \`every\` in all`,
        found: String(deliveries),
        holds: deliveries >= leastDeliveries,
        figures: { deliveries },
      },
    ];
  },
};

type Blow = { readonly role: Role; readonly blow: (typeof blows)[number]; readonly transport: Transport };

async function strike(
  home: string,
  out: string,
  { role, blow, transport }: Blow,
  random: Random,
): Promise<readonly TrialRecord[]> {
  const path = ['--proxy', 'nginx', '--nodes', '2', '--network', 'loopback', '--rtt', '0'];
  const phases = ['--repeats', '1', '--warmup', '0s', '--duration', `${windowMs}ms`];
  const words = ['run', 'campaign.yaml', '--transport', transport, ...path, ...phases, '--out', out];
  const command = startCommand(home, words);
  await command.until(() => processesOf(command.child, 'load').length > 0);
  await sleep(blowWithinMs.least + random.float() * (blowWithinMs.most - blowWithinMs.least));
  const running = processesOf(command.child, role);
  if (running.length === 0) throw new Error(`no ${role} was running: ${command.stderr()}`);
  const pid = random.pick(running);
  process.kill(pid, blow);
  if (blow === 'SIGSTOP') {
    await sleep(stoppedMs);
    // The trial may have given up meanwhile, and ended it.
    attempt(() => process.kill(pid, 'SIGCONT'));
  }
  await command.ended;
  return readRun(join(home, out)).trials;
}

/** Whether a trial is whole, or says what was wrong with it. */
function isNamed(trial: TrialRecord): boolean {
  if (trial.status === 'failed') return trial.reason.trim() !== '';
  const { ledger } = trial;
  const isWhole = ledger.faults.length === 0 && ledger.lost === 0;
  return isWhole || trialWarnings(trial).some(({ severity }) => severity === 'invalid');
}

function textOf(trial: TrialRecord): string {
  if (trial.status === 'failed') return `failed (${trial.stage}): ${trial.reason}`;
  const { expected, received, lost } = trial.ledger;
  const invalid = trialWarnings(trial).filter(({ severity }) => severity === 'invalid');
  return `${received} of ${expected}, ${lost} lost${invalid.map(({ code }) => `, ${code}`).join('')}`;
}
