import { formatNumber } from '../../analysis/figures/format.ts';
import { usualMostClients } from '../../bench/plan/calibration-plan.ts';
import type { Declaration, OptionsOf } from './declaration.ts';
import { linkOptions } from './link-options.ts';
import { wholeNumber } from './options.ts';
import { routeOptions } from './route-options.ts';
import { runOutput } from './run-options.ts';
import { seedOption } from './seed-option.ts';

const { network } = linkOptions;
const { tls, proxy, headers, cookieBytes } = routeOptions;
const { out, json, force, quiet } = runOutput;

const mostClients = 100_000;

const ownOptions = {
  clients: {
    takes: '<number>',
    parse: (flag) => wholeNumber(flag, usualMostClients + 1, mostClients),
    help: `measure one more workload, with so many clients, for predictions far beyond ${formatNumber(usualMostClients)}`,
  },
} as const satisfies Readonly<Record<string, Declaration>>;

export const calibrationOptions = {
  ...ownOptions,
  tls,
  proxy,
  headers,
  cookieBytes,
  network,
  ...seedOption,
  out,
  json,
  force,
  quiet,
} as const;

export type CalibrationOptions = OptionsOf<typeof calibrationOptions>;
