import { killedShare, type ModuleReport } from './module-report.ts';

const columns = [
  'module',
  'possible',
  'mutants',
  'killed',
  'timed out',
  'survived',
  'equivalent',
  'killed of them',
] as const;

/** One line per module, below the names of the columns. */
export function tableOf(reports: readonly ModuleReport[]): readonly string[] {
  const rows = reports.map((report) => [
    report.path,
    ...[report.possible, report.mutants, report.killed, report.timedOut].map(String),
    ...[report.survivors.length, report.equivalents].map(String),
    percent(killedShare(report)),
  ]);
  const lines = [columns, ...rows];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
}

/** Surviving mutations in a searchable form; empty if the tests did not run. */
export function survivorLines({ path, survivors, fault }: ModuleReport): readonly string[] {
  if (fault !== undefined) return [];
  return survivors.flatMap(({ line, before, after }) => [`  ${path}:${line}`, `    - ${before}`, `    + ${after}`]);
}

export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}
