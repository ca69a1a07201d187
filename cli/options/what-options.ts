import { aaRepeats, defaultProfile, profileNames } from '../../bench/plan/profiles.ts';
import { transports } from '../../protocol/transport.ts';
import { oneOf } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';
import { transportList } from './transport-list.ts';

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
} as const satisfies RunDeclarations;
