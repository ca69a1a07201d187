import type { Command } from 'commander';
import { type CapacityOptions, capacityGroups } from './capacity/capacity-options.ts';
import { declareTyped } from './options/run-options.ts';
import type { End } from './screen/exit-codes.ts';

const afterHelp = `
Raises the load of a scenario until an objective no longer holds, for each transport, as RFC 9971 (MLRsearch) does: the
smallest load that typically fails it, and the largest below that typically does not, within 5% of each other. A load is
judged by an odd number of windows. A result counts where the server was the limit; where something else was, it is named.
The path has no delay unless --rtt, --link or --via asks for one: the relay that delays takes CPU time of the load side.

  pvw capacity chat-room --slo 'latency.p99<250ms' --over rate --transport sse,websocket
  pvw capacity ticker --slo 'latency.p95<1s' --over clients --searches 2 --within 90m`;

/** `pvw capacity`: how much a server carries. */
export function addCapacity(program: Command, end: End, args: readonly string[]): void {
  const command = program
    .command('capacity')
    .summary('search for how much a server carries')
    .description('Searches for how many clients, or how many updates a second, a server carries within an objective.')
    .argument('[scenario]', 'a name that pvw list shows, or a file with one scenario')
    .addHelpText('after', afterHelp)
    .action(async (word: string | undefined, options: CapacityOptions) => {
      // Load the measuring code only now, so that help prints at once.
      const { measureCapacity } = await import('./capacity/measure-capacity.ts');
      end(await measureCapacity({ words: word === undefined ? [] : [word], options, typed }, ['pvw', ...args]));
    });
  const typed = declareTyped(command, capacityGroups);
}
