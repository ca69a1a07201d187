import { randomBytes } from 'node:crypto';
import { analyseRun } from '../../analysis/comparison/run-analysis.ts';
import type { Prediction } from '../../analysis/model/prediction/predict.ts';
import type { Question } from '../../analysis/model/prediction/question.ts';
import { readMachineLimits } from '../../bench/plan/capacity.ts';
import type { Plan } from '../../bench/plan/plan.ts';
import { isDirect, type Route } from '../../network/route/route.ts';
import { transports } from '../../protocol/transport.ts';
import type { Predicted } from '../../report/prediction/text.ts';
import { renderCheck } from '../../report/terminal/check-terminal.ts';
import { readRun } from '../../results/store/read-run.ts';
import { chooseDirectory } from '../files/directories.ts';
import { checkPlan, checkTools } from '../request/check-plan.ts';
import { decideNetwork } from '../request/network-choice.ts';
import { machineFor } from '../request/shared-machine.ts';
import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import { print } from '../screen/output.ts';
import { carryOut } from '../session/carry-out.ts';
import { checkDurationMs, checkedScenario, checkWarmupMs } from './check.ts';
import { nothingAsked } from './nothing-asked.ts';

const repeats = 3;

export type Check = { readonly predicted: Predicted; readonly route: Route; readonly command: readonly string[] };

/** Measures the load of a prediction at a size that this machine carries, and prints both beside each other. */
export async function measureCheck({ predicted, route, command }: Check): Promise<ExitCode> {
  const question = checkedQuestion(predicted);
  const plan = checkPlanOf(question, route);
  checkPlan(plan, {}, readMachineLimits());
  checkTools(plan);
  const startedAt = new Date();
  const directory = chooseDirectory(undefined, 'check', startedAt);
  const machine = await machineFor(directory, {});
  try {
    const decided = await decideNetwork(plan, {});
    const session = { ...decided, command, asked: nothingAsked(plan), name: 'check', startedAt, directory };
    const status = await carryOut({ ...session, beside: machine.beside }, {});
    if (status === 'interrupted') return exitCodes.interrupted;
  } finally {
    machine.release();
  }
  const [scenario] = analyseRun(readRun(directory)).scenarios;
  print(renderCheck(question, predicted.path, scenario!));
  return exitCodes.done;
}

/** At that size, on one node, with the interval that was chosen. */
function checkedQuestion({ question, predictions }: Predicted): Question {
  const { toleranceMs: _, ...rest } = question;
  const pollIntervalMs = intervalOf(predictions) ?? question.scenario.pollIntervalMs;
  return { ...rest, nodes: 1, scenario: { ...checkedScenario(question.scenario), pollIntervalMs } };
}

function intervalOf(predictions: readonly Prediction[]): number | undefined {
  return predictions.find(({ pollIntervalMs }) => pollIntervalMs !== undefined)?.pollIntervalMs;
}

function checkPlanOf({ scenario, rttMs }: Question, route: Route): Plan {
  const oneNode = { ...route, nodes: 1 };
  return {
    profile: 'check',
    seed: randomBytes(4).toString('hex'),
    transports,
    rttMs,
    scenarios: [{ scenario, repeats, durationMs: checkDurationMs(scenario), warmupMs: checkWarmupMs }],
    ...(!isDirect(oneNode) && { routes: [oneNode] }),
  };
}
