import type { Command } from 'commander';
import { readMachineLimits } from '../bench/plan/capacity.ts';
import { chooseDirectory } from './files/directories.ts';
import { checkOutcome } from './options/outcome-options.ts';
import { declareRunOptions, type RunOptions, runOptions } from './options/run-options.ts';
import { thresholdHelp } from './options/threshold.ts';
import { askedRecord } from './request/asked-record.ts';
import { checkPlan, checkTools } from './request/check-plan.ts';
import { planRequested } from './request/plan-request.ts';
import { askedFor, nameOf } from './request/scenario-arguments.ts';
import type { End } from './screen/exit-codes.ts';

const afterHelp = `
Durations take 250ms, 2s, 5m. Without scenarios, the profile's run; pvw list shows both.

  pvw run                                          the profile quick
  pvw run chat-room --transport sse,websocket      one scenario, two transports
  pvw run ticker --clients 2000 --rtt 0 --json     more clients, direct, for a script
  pvw run chat-room --link mobile-4g               over a distance that pvw list links describes
  pvw run my.yaml                                  a scenario of your own; pvw init-scenario my.yaml begins one
  pvw run --threshold 'websocket.latency.p99<250ms' --threshold 'chat-room/sse.stale<=5%'

${thresholdHelp}

Options win over what a scenario's file says. The report is rewritten after each block, so it can be opened while the run
goes on. Ctrl-C keeps what has finished.`;

/** `pvw run`. Everything is checked before anything is written and before a trial starts. */
export function addRun(program: Command, end: End, args: readonly string[]): void {
  const command = program
    .command('run')
    .summary('measure and write a report')
    .description('Measures scenarios over the transports, prints the result and writes a report.')
    .argument(
      '[scenario...]',
      "what to run instead of the profile's: names that pvw list shows, or files (.yaml, .json, .ts, .js)",
    )
    .addHelpText('after', afterHelp)
    .action(async (words: readonly string[], options: RunOptions) => {
      const asked = await askedFor(words);
      const plan = planRequested(asked, options);
      checkPlan(plan, options, readMachineLimits());
      checkTools(plan);
      checkOutcome(options, plan);
      const startedAt = new Date();
      const name = asked.length === 0 ? plan.profile : asked.map(nameOf).join('-');
      const directory = chooseDirectory(options.out, name, startedAt);
      // Load the measuring code only now, so that help and usage errors print at once.
      const { runSession } = await import('./session/run-session.ts');
      const told = { command: ['pvw', ...args], asked: askedRecord({ asked, typed, plan, declared: runOptions }) };
      end(await runSession({ plan, ...told, name, startedAt, directory }, options));
    });
  const typed = declareRunOptions(command);
}
