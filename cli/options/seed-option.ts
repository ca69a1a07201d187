import { seedText } from './options.ts';
import type { RunDeclarations } from './run-declaration.ts';

/** Seed of arrivals, phases and the order of trials. */
export const seedOption = {
  seed: {
    takes: '<text>',
    parse: seedText,
    help: 'same seed, same arrivals, phases and order',
    default: 'drawn, and shown in the report',
    kind: 'run',
  },
} as const satisfies RunDeclarations;
