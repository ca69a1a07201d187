import { formatNumber, formatValue } from '../../analysis/figures/format.ts';
import { pathPhrase } from '../../analysis/model/prediction/path.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import type { Calibration, CostModel, PathCalibration } from '../../results/schema/calibration-schema.ts';
import { type CostTerm, costTerms } from '../../results/schema/cost-terms.ts';

const termTitles: Readonly<Record<CostTerm, string>> = {
  fixed: 'a second, ms',
  clients: 'a client, µs/s',
  wakeUps: 'a wake-up, µs',
  updates: 'an update, µs',
  requests: 'a poll, µs',
  deliveries: 'a delivery, µs',
  firstDeliveries: 'more for the first, µs',
  bytes: 'a kilobyte, µs',
  publishes: 'a publish, µs',
};

/** From milliseconds for each unit of work to what the titles say. */
const termFactors: Readonly<Record<CostTerm, number>> = {
  fixed: 1,
  clients: 1000,
  wakeUps: 1000,
  updates: 1000,
  requests: 1000,
  deliveries: 1000,
  firstDeliveries: 1000,
  bytes: 1e6,
  publishes: 1000,
};

const titleWidth = 24;
const cellWidth = 14;

/** The costs of a calibration, and how far they were off for what was left out of the fit. `file`: where they lie. */
export function renderCalibration({ paths }: Calibration, file: string): string {
  return `${paths.map(pathText).join('\n\n')}\n\nCosts are CPU time of the server. pvw predict uses them from now on: ${file}\n`;
}

function pathText({ route, transports: fitted }: PathCalibration): string {
  const measured = transports.filter((transport) => fitted[transport]);
  const costs = measured.map((transport) => fitted[transport]!);
  const line = (title: string, cells: readonly string[]) =>
    title.padEnd(titleWidth) + cells.map((cell) => cell.padStart(cellWidth)).join('');
  const row = (title: string, of: (cost: (typeof costs)[number]) => string) => line(title, costs.map(of));
  const missing = transports.filter((transport) => !fitted[transport]);
  return [
    line(
      `Path: ${pathPhrase(route) ?? 'direct'}`,
      measured.map((transport) => transportTitles[transport]),
    ),
    ...costTerms.map((term) => row(termTitles[term], ({ server }) => coefficientText(server, term))),
    row('missed by, one in three', ({ server }) => formatValue(Math.expm1(server.scatter), 'share', 2)),
    row('memory, a connection', ({ memory }) => formatValue(memory.perUnit, 'bytes')),
    row('kernel, a connection', ({ kernelBytesPerConnection }) => formatValue(kernelBytesPerConnection, 'bytes')),
    row('to connect', ({ connect }) => formatValue(connect.cpuMs, 'ms')),
    ...(missing.length > 0 ? [missingText(missing)] : []),
  ].join('\n');
}

function missingText(missing: readonly Transport[]): string {
  const titles = missing.map((transport) => transportTitles[transport]).join(', ');
  return `Not calibrated: ${titles}. What was measured is too uneven to tell its costs; run it again on a quieter machine.`;
}

function coefficientText({ coefficients }: CostModel, term: CostTerm): string {
  const value = coefficients[term] * termFactors[term];
  return value === 0 ? '–' : formatNumber(value, 2);
}
