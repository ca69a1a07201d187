import type { OptionsOf } from './declaration.ts';
import { linkOptions } from './link-options.ts';
import { routeOptions } from './route-options.ts';
import { runOutput } from './run-options.ts';
import { seedOption } from './seed-option.ts';

const { network } = linkOptions;
const { tls, proxy, headers, cookieBytes } = routeOptions;
const { out, json, force, quiet } = runOutput;

export const calibrationOptions = {
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
