import type { Command } from 'commander';
import { declareRunOptions } from './options/run-options.ts';
import type { End } from './screen/exit-codes.ts';
import { ownOptions, type SweepOptions } from './sweep/sweep-options.ts';

const afterHelp = `
Measures a scenario at each point of one or two axes, with all the options of pvw run. Each repeat plays the points in a
random order. Points that differ only in rate, payload or poll interval share processes and connections. Where short
polling is measured along poll intervals, a window lasts three of them at least.

  pvw sweep chat-room --over clients=100,300,1000
  pvw sweep ticker --over rate=0.5,2,8 --over poll-interval=250ms,1s,4s --transport short-polling,sse
  pvw sweep --resume results/20260131T120000Z-sweep-ticker   what was stopped goes on, and nothing is measured twice`;

/** `pvw sweep`: a scenario at several points. */
export function addSweep(program: Command, end: End, args: readonly string[]): void {
  const command = program
    .command('sweep')
    .summary('measure a scenario along one or two axes')
    .description('Measures a scenario at each point of one or two axes, and writes one report.')
    .argument('[scenario]', 'a name that pvw list shows, or a file with one scenario')
    .addHelpText('after', afterHelp)
    .action(async (word: string | undefined, options: SweepOptions) => {
      // Load the measuring code only now, so that help prints at once.
      const { measureSweep } = await import('./sweep/measure-sweep.ts');
      end(await measureSweep({ words: word === undefined ? [] : [word], options, typed }, ['pvw', ...args]));
    });
  const typed = declareRunOptions(command, { Sweep: ownOptions });
}
