import { builtInPrices } from '../../analysis/model/prices/built-in-prices.ts';
import { type FieldOptionValues, largestPayloadBytes, scenarioFields } from '../../scenarios/fields.ts';
import type { Declarations, OptionsOf } from './declaration.ts';
import { fieldOptions } from './field-options.ts';
import { linkOptions } from './link-options.ts';
import { duration, oneOf, wholeNumber } from './options.ts';
import { routeOptions } from './route-options.ts';

const minute = 60_000;

const { rtt } = linkOptions;
const { tls, proxy, headers, cookieBytes } = routeOptions;
const nodes = { ...routeOptions.nodes, default: 'as many as the load needs' };
const notCovered = 'outside of the model: refused, with what it would get wrong';

const loadOptions = {
  payload: {
    takes: '<bytes>',
    parse: (flag) => wholeNumber(flag, 1, largestPayloadBytes),
    help: 'the same as --payload-bytes',
  },
  semantics: {
    takes: '<word>',
    parse: (flag) => oneOf(flag, scenarioFields.semantics.words),
    help: scenarioFields.semantics.help,
    default: "the scenario's",
  },
} as const satisfies Declarations;

const questionOptions = {
  /** Milliseconds. */
  staleness: {
    takes: '<duration>',
    parse: (flag) => duration(flag, 10, 10 * minute),
    help: 'how long an update may stay unknown at worst; decides how often short polling asks',
    default: 'none: polls ask at their interval',
  },
} as const satisfies Declarations;

const outputOptions = {
  from: {
    takes: '<run>',
    help: 'the run or calibration.json whose costs are used',
    default: 'your newest pvw calibrate of this path, or the one that comes with pvw',
  },
  prices: {
    takes: '<list>',
    repeatable: true,
    parse: () => (text: string) => text,
    help: `what a month costs by a price list: ${Object.keys(builtInPrices).join(', ')}, or a file (repeatable)`,
    default: 'no money',
  },
  json: { help: 'print the prediction as JSON' },
  exportMarkdown: { takes: '<file>', help: 'write the prediction as GitHub Markdown; replaces the file' },
  page: { takes: '<file>', help: 'write a page whose numbers can be changed; replaces the file' },
  check: {
    help: 'then measure the same load at a size that this machine carries, and print predicted and measured',
  },
} as const satisfies Declarations;

const http = { ...routeOptions.http, help: `2 is ${notCovered}` };
const compression = { ...routeOptions.compression, help: notCovered };

const pathOptions = { rtt, tls, proxy, nodes, headers, cookieBytes, http, compression } as const;

/** The options of `pvw predict` by the headings of its help. */
export const predictionGroups: Readonly<Record<string, Declarations>> = {
  'What must hold': questionOptions,
  Load: { ...fieldOptions('Load'), ...loadOptions },
  Transports: fieldOptions('Transports'),
  Path: pathOptions,
  Output: outputOptions,
};

export type PredictionOptions = OptionsOf<typeof questionOptions> &
  OptionsOf<typeof loadOptions> &
  OptionsOf<typeof pathOptions> &
  OptionsOf<typeof outputOptions> &
  FieldOptionValues;
