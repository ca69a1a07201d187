import { calibrationPlan } from '../../../bench/plan/calibration-plan.ts';
import { groupsOf } from '../../../bench/plan/groups.ts';
import { directRoute } from '../../../network/route/route.ts';
import type { Transport } from '../../../protocol/transport.ts';
import { type Evidence, ledgerFinding, measureTrials } from '../evidence.ts';
import { fiftyThousandScenario } from './held-out.ts';
import { calibratedBy, manyFindings, pointsOf, rttMs } from './predicted-points.ts';
import { inRounds, trialsFile } from './rounds.ts';

const rounds = 3;
const calibratedClients = 10_000;
const nodes = 5;
const transports = ['long-polling', 'sse', 'websocket'] as const satisfies readonly Transport[];

const crews = groupsOf(
  calibrationPlan({ route: directRoute, seed: 'none', network: 'isolated', clients: calibratedClients }).scenarios,
);
const crowd = crews.at(-1)!;
const others = crews.slice(0, -1);
const many = fiftyThousandScenario();

/** 50,000 clients of five nodes, predicted from a calibration that has 10,000 of one. */
export const fiftyThousandEvidence: Evidence = {
  summary:
    '50,000 clients of five nodes, predicted from a calibration that has 10,000: bytes, CPU, memory; --trials FILE',
  hasOptions: true,
  isWhole: () => true,
  measure: async (say, options) => {
    const trials = await inRounds({ count: rounds, file: trialsFile(options) }, async (round) => {
      say(`round ${round + 1} of ${rounds}`);
      const plan = { transports, rttMs, seed: `fifty thousand ${round}`, network: 'isolated' } as const;
      const scenarios = [...others.filter((_, place) => place % rounds === round).flat(), ...crowd];
      const calibration = await measureTrials({ ...plan, scenarios }, say);
      const predicted = await measureTrials({ ...plan, scenarios: [many], routes: [{ ...directRoute, nodes }] }, say);
      return [...calibration, ...predicted];
    });
    const path = calibratedBy(crews.flat(), trials);
    const points = pointsOf(many, trials, path, nodes);
    return [
      {
        claim: 'all three transports are predicted',
        found: `${points.length} predictions`,
        holds: points.length === transports.length,
      },
      ...manyFindings(points, 'from 10,000', { bytes: 0.03, cpu: 0.3, memory: 0.2 }),
      ledgerFinding(trials),
    ];
  },
};
