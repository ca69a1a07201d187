import { aaRepeats, defaultProfile, profileNames } from '../../bench/plan/profiles.ts';
import { clientImplementations } from '../../network/route/client-implementation.ts';
import { transports } from '../../protocol/transport.ts';
import { oneOf, wholeNumber } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';
import { transportList } from './transport-list.ts';

/** Far more than a machine has cores for; each takes some 50 MB. */
const mostLoadProcesses = 256;

/** Options for the profile and the transports. */
export const whatOptions = {
  profile: {
    takes: '<name>',
    parse: (flag) => oneOf(flag, profileNames),
    help: `what to run and for how long: ${profileNames.join(', ')}`,
    default: defaultProfile,
    kind: 'run',
  },
  transport: {
    takes: '<list>',
    parse: transportList,
    help: 'transports, separated by commas',
    default: transports.join(','),
    kind: 'trials',
  },
  aa: {
    takes: '<transport>',
    parse: (flag) => oneOf(flag, transports),
    help: `one transport against itself, ${aaRepeats} times unless --repeats says more: how often is chance called a difference?`,
    kind: 'trials',
    changes: ['repeats'],
  },
  client: {
    takes: '<kind>',
    parse: (flag) => oneOf(flag, clientImplementations),
    help: 'what the clients are made of: lean (our own parsers) or library (undici and ws)',
    default: 'lean; library over HTTP/2, with compression and with browser headers',
    kind: 'trials',
  },
  loadProcesses: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, 1, mostLoadProcesses),
    help: `processes that the clients spread over, up to ${mostLoadProcesses}`,
    default: 'one for each core that is left for them',
    caveat: 'never more than clients',
    kind: 'trials',
  },
} as const satisfies RunDeclarations;
