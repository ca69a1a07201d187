import { formatNumber } from '../../analysis/figures/format.ts';
import { type Transport, transports, transportTitles } from '../../protocol/transport.ts';
import { type CapacitySearch, capacitySearches } from '../../testing/evidence/crowds/capacity-searches.ts';
import { type EvidenceRecord, figuresOf } from './evidence-record.ts';
import { BadMarker } from './markers.ts';

type Read = (record: string) => EvidenceRecord;

/**
 * A Markdown table of what was carried over one axis: a row for each search, a column for each transport. "At least" where
 * something else than the server was the limit.
 */
export function capacityTable(over: string | undefined, read: Read): string {
  const rows = searchesOver(over).map(([name, search]) => {
    const figures = figuresOf(read(`capacity-${name}`));
    return [search.title, ...transports.map((transport) => cell(transport, figures))];
  });
  const heads = ['', ...transports.map((transport) => transportTitles[transport])];
  const sides = [':--', ...transports.map(() => '--:')];
  return [heads, sides, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The commands behind the rows of the table, as a block of code. */
export function capacityCommands(over: string | undefined): string {
  const lines = searchesOver(over).map(([, { words }]) => `npx pvw capacity ${words.map(quoted).join(' ')}`);
  return ['```sh', ...lines, '```'].join('\n');
}

function searchesOver(over: string | undefined): readonly (readonly [string, CapacitySearch])[] {
  const found = Object.entries(capacitySearches).filter(([, search]) => search.over === over);
  if (found.length === 0) throw new BadMarker(`no search is over ${over}; there are clients, rate`);
  return found;
}

function cell(transport: Transport, figures: Readonly<Record<string, number>>): string {
  const carried = figures[`${transport} carried`];
  if (carried === undefined) return '–';
  return `${figures[`${transport} server`] === 1 ? '' : 'at least '}${formatNumber(Number(carried.toPrecision(3)))}`;
}

/** For a shell, which would take `<` for the name of a file. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word}'`;
}
