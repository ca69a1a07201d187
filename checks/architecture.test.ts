import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../protocol/project-root.ts';
import { folderOf, type Import, readImports } from './imports.ts';
import { sourceFiles } from './test-files.ts';

/**
 * Data walks one way: scenario → trial → result → analysis → report. Which folder may import which, beside itself,
 * Node and libraries; a file alone where it is named. `types`: only with `import type`.
 */
const anything = 'anything';
const table: Readonly<Record<string, typeof anything | { readonly code?: string; readonly types?: string }>> = {
  protocol: {},
  network: { code: 'protocol' },
  scenarios: { code: 'protocol' },
  servers: { code: 'protocol scenarios network' },
  clients: { code: 'protocol scenarios network' },
  // The suite that holds both sides to the wire contract.
  contract: { code: 'protocol scenarios network servers clients' },
  // The rows of scenario fields make the schema of a recorded scenario.
  results: { code: 'scenarios', types: 'protocol network' },
  // It starts servers and clients as processes: their types say what they answer, their code stays theirs.
  bench: { code: 'protocol scenarios network results', types: 'servers clients' },
  // Servers with a known fault, and what is true of them: they stand between the bench and the processes that it starts.
  oracles: { code: 'protocol scenarios network servers clients results bench' },
  // Mistakes are explained in the NGINX configuration that has them and in the report, from one table.
  analysis: { code: 'protocol results scenarios network/nginx-mistakes.ts' },
  report: { code: 'protocol scenarios analysis results network/nginx-mistakes.ts' },
  // It shows what real servers and clients say to each other, and tells the figures of the reference run.
  teaching: { code: 'protocol scenarios/point.ts network servers contract results analysis report cli' },
  lesson: { code: 'servers protocol network results analysis report' },
  cli: anything,
  checks: anything,
  evidence: anything,
  // Serves tests and scripts only.
  testing: anything,
};

/** Names that say nothing about what is inside, and so collect everything. */
const namesThatSayNothing = /^(utils?|helpers?|common|types|managers?|misc|shared|lib)(\.ts)?$/;

const files = sourceFiles(projectRoot);
const imports = readImports(projectRoot, files).filter(({ from, to }) => folderOf(from) !== folderOf(to));

function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}

function places(found: readonly Import[]): readonly string[] {
  return found.map(({ from, line, to }) => `${from}:${line} imports ${to}`);
}

test('every folder has its place in the table', () => {
  const unknown = files.filter((path) => !(folderOf(path) in table));
  assert.deepEqual(unknown, []);
});

test('each folder imports only what the table allows', () => {
  const forbidden = imports.filter(({ from, to, typeOnly }) => {
    const row = table[folderOf(from)];
    // Tests set up what their subject only gets handed; a JSON file at the root, such as package.json, is everyone's.
    if (isTest(from) || row === undefined || row === anything || folderOf(to) === '.') return false;
    const allowed = [...words(row.code), ...(typeOnly ? words(row.types) : [])];
    return !allowed.includes(folderOf(to)) && !allowed.includes(to);
  });
  assert.deepEqual(places(forbidden), []);
});

test('servers and clients never import each other, not even in tests', () => {
  const sides = ['servers', 'clients'];
  const crossing = imports.filter(({ from, to }) => sides.includes(folderOf(from)) && sides.includes(folderOf(to)));
  assert.deepEqual(places(crossing), []);
});

test('no cycle leads through folders', () => {
  const code = imports.filter(({ from, to }) => !isTest(from) && !isTest(to));
  assert.deepEqual(cycle(code), undefined);
});

test('no barrel files', () => {
  const reexports = files.filter((path) => /^export\s+(type\s+)?(\*|\{[^}]*\})[^;]*\sfrom\s/m.test(sourceOf(path)));
  assert.deepEqual(reexports, []);
  assert.deepEqual(
    files.filter((path) => basename(path) === 'index.ts'),
    [],
  );
});

test('no folder or file has a name that says nothing', () => {
  const found = files.filter((path) => path.split('/').some((part) => namesThatSayNothing.test(part)));
  assert.deepEqual(found, []);
});

function words(text: string | undefined): readonly string[] {
  return text?.split(' ') ?? [];
}

function sourceOf(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}

/** One cycle of folders as `a → b → a`, or undefined. */
function cycle(code: readonly Import[]): string | undefined {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of code) {
    const targets = next.get(folderOf(from)) ?? new Set();
    next.set(folderOf(from), targets.add(folderOf(to)));
  }
  const clean = new Set<string>();
  const walk = (folder: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(folder)) return [...trail.slice(trail.indexOf(folder)), folder].join(' → ');
    if (clean.has(folder)) return undefined;
    for (const target of next.get(folder) ?? []) {
      const found = walk(target, [...trail, folder]);
      if (found) return found;
    }
    clean.add(folder);
    return undefined;
  };
  return [...next.keys()].map((folder) => walk(folder, [])).find((found) => found !== undefined);
}
