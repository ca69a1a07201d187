import type { FieldOptionValues } from '../../scenarios/fields.ts';
import type { OptionsOf } from './declaration.ts';
import { fieldOptions } from './field-options.ts';
import { linkOptions } from './link-options.ts';
import { routeOptions, stormOptions } from './route-options.ts';
import type { RunDeclarations } from './run-declaration.ts';
import { seedOption } from './seed-option.ts';
import { viaOptions } from './via-options.ts';
import { whatOptions } from './what-options.ts';

/** The options that decide the plan, by the headings of the help. */
export const requestGroups = {
  What: whatOptions,
  Load: fieldOptions('Load'),
  Transports: fieldOptions('Transports'),
  Network: linkOptions,
  Path: { ...routeOptions, ...stormOptions },
  'Your own path': viaOptions,
  Time: { ...fieldOptions('Time'), ...seedOption },
} as const satisfies Readonly<Record<string, RunDeclarations>>;

/** The values of all groups together. */
type OptionsOfAll<Groups> = {
  [Heading in keyof Groups]: (options: OptionsOf<Groups[Heading]>) => void;
}[keyof Groups] extends (options: infer All) => void
  ? All
  : never;

/** Values of the options that decide the plan, times in milliseconds. Undefined: the profile or scenario decides. */
export type RunRequest = OptionsOfAll<typeof requestGroups> & FieldOptionValues;
