import { basename } from 'node:path';
import { alternatives } from '../../text/choices.ts';
import { findScenario } from '../catalogue/catalogue.ts';
import { keysOf } from '../define-scenario.ts';
import { type FieldRow, scenarioFields, timeFields, yamlName } from '../fields.ts';
import { payloadKinds, type Scenario } from '../scenario.ts';
import { defaultText } from './field-default.ts';

/** Where the example tells editors to look for the schema, relative to the example. */
export const schemaFile = 'pvw-scenario.schema.json';

/** Values that make the example a story. Other fields show their default, or the example of their row. */
const story: Readonly<Partial<Record<keyof Scenario, string>>> = { clients: '40', channels: '8', semantics: 'latest' };

/** Fields that the template places itself, because they need more than a line or belong together. */
const placed: readonly (keyof Scenario)[] = [
  ...(['name', 'title', 'summary', 'clients', 'channels', 'origin', 'arrivals', 'payload'] as const),
  ...(['semantics', 'encoding', 'echo', 'inputs', 'broadcast'] as const),
];

/** Text of a scenario file that explains every field, named after the file. A test checks that it loads. */
export function exampleScenario(file: string): string {
  return `# yaml-language-server: $schema=./${schemaFile}
# A scenario for pvw. Your editor completes and checks the fields after: pvw list scenarios --schema > ${schemaFile}
# Run it with: pvw run ${basename(file)}       Options win over what stands here: pvw run ${basename(file)} --clients 200

name: ${nameFrom(file)}   # lower-case letters, digits, hyphens; names it in results
title: Order status   # ${scenarioFields.title.help}
summary: Forty people watch the status of their orders on eight screens.

# extends: chat-room   # start from a built-in scenario; then everything but the name may be left out

${fieldLines(['clients', 'channels', 'origin'])}
# Client i, counted from 0, follows channel i modulo channels.

arrivals:             # ${scenarioFields.arrivals.help}, in each channel
  kind: poisson       # at independent instants; perSecond is the mean
  perSecond: 0.5
# kind: constant: as a clock; perSecond
# kind: bursts: perSecond (bursts), size (updates in each), gap (between them, such as 50ms)
# kind: trace: file (recorded instants, one in ms per line; the path is relative to this file)

payload:              # ${scenarioFields.payload.help}
  kind: notice        # ${alternatives(payloadKinds)}
  bytes: 200

${fieldLines(['semantics', 'encoding', 'echo'])}

# inputs:             # ${scenarioFields.inputs.help}
#   arrivals: {kind: constant, perSecond: 2}
#   payload: {kind: reaction, bytes: 60}

# broadcast:          # ${scenarioFields.broadcast.help}
#   arrivals: {kind: constant, perSecond: 0.1}
#   payload: {kind: notice, bytes: 200}

${fieldLines(keysOf(scenarioFields).filter((key) => !placed.includes(key)))}

# Without these the profile decides.
${Object.entries(timeFields)
  .map(([key, row]) => line(key, row, undefined))
  .join('\n')}
`;
}

function fieldLines(keys: readonly (keyof Scenario)[]): string {
  return keys.map((key) => line(key, scenarioFields[key], story[key])).join('\n');
}

/** `hold: 25s   # what it is`; commented out as a whole when the field is better omitted. */
function line(key: string, row: FieldRow, value: string | undefined): string {
  const isLeftOut = value === undefined && (row.optional || !('default' in row));
  const shown = value ?? row.example ?? defaultText(row) ?? '';
  const field = `${isLeftOut ? '# ' : ''}${yamlName(key, row)}: ${shown}`;
  return `${field.padEnd(22)}${field.length < 22 ? '' : '   '}# ${explanation(row)}`;
}

function explanation(row: FieldRow): string {
  // Skips the list of words when the help already names them all.
  if (row.kind !== 'choice' || row.words.every((word) => row.help.includes(word))) return row.help;
  return `${alternatives(row.words)}: ${row.help}`;
}

/** The file's name, turned into a valid scenario name. */
function nameFrom(file: string): string {
  const slug = basename(file)
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return slug === '' || /^\d+$/.test(slug) || findScenario(slug) ? `my-${slug || 'scenario'}` : slug;
}
