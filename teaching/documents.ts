import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseRun, type RunAnalysis } from '../analysis/comparison/run-analysis.ts';
import { formatValue } from '../analysis/figures/format.ts';
import { warningsTable } from '../analysis/validity/warning-rules.ts';
import { projectRoot } from '../machine/host/project-root.ts';
import { packetHeaderBytes } from '../protocol/packet-header.ts';
import { filesOf } from '../results/store/files.ts';
import { readRun } from '../results/store/read-run.ts';
import { capacityCommands, capacityTable } from './markers/capacity-table.ts';
import { claimText } from './markers/claim-figure.ts';
import { cpuDecidedTable } from './markers/cpu-decided-table.ts';
import { crowdTable } from './markers/crowd-table.ts';
import { evidenceText } from './markers/evidence-figure.ts';
import { readEvidence } from './markers/evidence-record.ts';
import { BadMarker, fillMarkers, type Marker } from './markers/markers.ts';
import { modelResiduals } from './markers/model-residuals.ts';
import { omissionTable } from './markers/omission-table.ts';
import { perfRatios, perfSizes } from './markers/perf-tables.ts';
import {
  costText,
  figureText,
  intervalsText,
  ratioText,
  runText,
  scenarioLoadText,
  tableText,
  verdictText,
} from './measured.ts';
import { pathAnswerText, pathTableText } from './measured-paths.ts';
import { exchangeText, handshakeText } from './specimen-text.ts';
import { type SpecimenName, type Specimens, specimenNames } from './specimens.ts';
import type { Exchange } from './tap.ts';

/** The runs that the documents quote: every scenario over the direct path, and one scenario over every path. */
export const references = { full: 'results/reference', paths: 'results/reference-paths' } as const;

export type ReferenceName = keyof typeof references;

/** The documents that contain measured numbers, relative to the project root. */
export const documents = [
  'README.md',
  'docs/why-websocket.md',
  'docs/answers.md',
  'docs/method.md',
  'docs/claims.md',
] as const;

export type Sources = {
  readonly analysis: RunAnalysis;
  /** Read only when a document needs it. */
  readonly paths: () => RunAnalysis;
  readonly specimens: Specimens;
};

/** The reference run does not exist. */
export class NoReference extends Error {
  override readonly name = 'NoReference';
}

/** Throws `NoReference` if the run does not exist, `ResultsError` if it cannot be read. */
export function readReference(name: ReferenceName): RunAnalysis {
  const directory = join(projectRoot, references[name]);
  if (!existsSync(filesOf(directory).run)) {
    throw new NoReference(
      `${references[name]}/ holds no run, and the texts tell its figures: make it with npm run reference -- ${name}`,
    );
  }
  return analyseRun(readRun(directory));
}

export function readDocument(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** The document with its markers filled from `sources`. Throws `BadMarker` with file and line. */
export function renderDocument(path: string, text: string, sources: Sources): string {
  return fillMarkers(path, text, (marker) => contentOf(marker, sources));
}

/** The content for each kind of marker; the words after the kind are its arguments. */
const kinds: Readonly<Record<string, (sources: Sources, ...words: readonly string[]) => string>> = {
  figure: ({ analysis }, name) => figureText(analysis, name),
  ratio: ({ analysis }, name, pair) => ratioText(analysis, name, pair),
  verdict: ({ analysis }, name, pair) => verdictText(analysis, name, pair),
  paths: ({ paths }, scenario, name) => pathTableText(paths(), scenario, name),
  answer: ({ paths }, scenario) => pathAnswerText(paths(), scenario),
  table: ({ analysis }, scenario, ...names) => tableText(analysis, scenario, names),
  cost: ({ analysis }, scenario, transport, measure) => costText(analysis, scenario, transport, measure),
  intervals: ({ analysis }, scenario) => intervalsText(analysis, scenario),
  load: ({ analysis }, scenario) => scenarioLoadText(analysis, scenario),
  run: ({ analysis }, name) => runText(analysis, name),
  bytes: ({ specimens }, name, times) => bytesText(specimens, name, times),
  packets: ({ specimens }, count, name, times) => packetsText(specimens, count, { name, times }),
  specimen: ({ specimens }, name, order) => fenced(exchangeText(specimenNamed(specimens, name), order === 'answered')),
  handshake: () => fenced(handshakeText()),
  omission: () => omissionTable(readEvidence('omission')),
  cpuDecided: () => cpuDecidedTable(readEvidence('cpu-decided-simulation')),
  modelResiduals: () => modelResiduals(readEvidence('model')),
  perfRatios: () => perfRatios(readEvidence('perf')),
  perfSizes: () => perfSizes(readEvidence('perf')),
  crowd: () => crowdTable(readEvidence('crowd')),
  evidence: (_sources, name) => evidenceText(name),
  claim: (_sources, name) => claimText(name),
  capacity: (_sources, over) => capacityTable(over, readEvidence),
  capacityCommands: (_sources, over) => capacityCommands(over),
  warnings: warningsTable,
};

function contentOf({ kind, words }: Marker, sources: Sources): string {
  const content = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!content) throw new BadMarker(`${kind} is unknown; there are ${Object.keys(kinds).join(', ')}`);
  return content(sources, ...words);
}

/** Bytes of a specimen (`poll-empty`, `poll-empty.up`, `poll-empty.down`), times a product such as `86400*1000`. */
function bytesText(specimens: Specimens, name = '', times = '1'): string {
  const [specimen, direction = 'both'] = name.split('.');
  const { up, down } = specimenNamed(specimens, specimen);
  const amounts: Readonly<Record<string, number>> = { up: up.length, down: down.length, both: up.length + down.length };
  const amount = amounts[direction];
  if (amount === undefined) throw new BadMarker(`${direction} is no direction; up, down, or nothing for both`);
  return amountText(amount, times);
}

/** An amount as it is or, times a product, rounded. */
function amountText(bytes: number, times: string): string {
  const total = times.split('*').reduce((product, factor) => product * Number(factor), bytes);
  if (!Number.isFinite(total)) throw new BadMarker(`${times} is no product of numbers`);
  return times === '1' ? String(total) : formatValue(total, 'bytes', 2);
}

type Carried = { readonly name: string | undefined; readonly times: string | undefined };

/**
 * Bytes on the wire of some packets, which carry the bytes of a specimen or, without a name, nothing; times a product such
 * as `86400*1000`.
 */
function packetsText(specimens: Specimens, count = '', { name, times = '1' }: Carried): string {
  if (!/^[1-9]\d*$/.test(count)) throw new BadMarker(`${JSON.stringify(count)} is no number of packets`);
  const { up, down } = name === undefined ? { up: [], down: [] } : specimenNamed(specimens, name);
  return amountText(Number(count) * packetHeaderBytes + up.length + down.length, times);
}

function specimenNamed(specimens: Specimens, name = ''): Exchange {
  if (!specimenNames.some((known) => known === name)) {
    throw new BadMarker(`${JSON.stringify(name)} is no specimen; there are ${specimenNames.join(', ')}`);
  }
  return specimens[name as SpecimenName];
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}
