import { readBounded, UnreadableFile } from '../text/bounded-file.ts';
import { quoted } from '../text/usage-error.ts';
import type { Trace } from './scenario.ts';

/** An unusable trace file. The message is one line with file, line and what is allowed. */
export class BadTrace extends Error {
  override readonly name = 'BadTrace';
}

type Line = { readonly path: string; readonly number: number; readonly text: string };

const longestMs = 24 * 60 * 60 * 1000;
/** Seventy instants a second for an hour, which is the longest window; every one is kept in the record of the run. */
const mostLines = 250_000;
const mostBytes = 8 * 1024 * 1024;

/**
 * Reads a trace from a text file: one instant per line, in milliseconds from the start, ascending. Empty lines and text
 * after `#` are ignored. The last line may be `length N`; without it the trace repeats one mean gap after its last
 * instant.
 * Throws `BadTrace`.
 */
export function readTrace(path: string): Trace {
  const lines = readLines(path);
  const ending = /^length\b/.test(lines.at(-1)?.text ?? '') ? lines.pop() : undefined;
  const instantsMs = lines.map(instantOf);
  if (instantsMs.length === 0) throw new BadTrace(`${path}: no instants; one per line is expected, in milliseconds`);
  for (const [i, ms] of instantsMs.entries()) {
    const before = instantsMs[i - 1] ?? 0;
    if (ms < before) fail(lines[i]!, `is earlier than the instant before it (${before}); instants must not go back`);
  }
  return { instantsMs, lengthMs: ending ? lengthOf(ending, instantsMs.at(-1)!) : usualLengthMs(path, instantsMs) };
}

/** The lines with content, without comments. */
function readLines(path: string): Line[] {
  const lines = readText(path).split(/\r\n|\r|\n/);
  if (lines.length > mostLines)
    throw new BadTrace(`${path}: has more than ${mostLines} lines; give what a window needs, from its start`);
  return lines
    .map((line, index) => ({ path, number: index + 1, text: line.replace(/#.*/, '').trim() }))
    .filter(({ text }) => text !== '');
}

function readText(path: string): string {
  try {
    return readBounded(path, { mostBytes, pipes: true })
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new BadTrace(`${path}: cannot be read (${error.message})`);
  }
}

function instantOf(line: Line): number {
  return millisecondsIn(line, /^(\d+(?:\.\d+)?)$/);
}

function lengthOf(line: Line, lastMs: number): number {
  const lengthMs = millisecondsIn(line, /^length\s+(\d+(?:\.\d+)?)$/);
  if (lengthMs <= lastMs) fail(line, `is too short: more than the last instant (${lastMs}) is needed`);
  return lengthMs;
}

function millisecondsIn(line: Line, pattern: RegExp): number {
  const digits = pattern.exec(line.text)?.[1];
  if (digits === undefined) {
    fail(line, 'is not allowed: milliseconds from 0 up, a # comment, or `length N` as the last line');
  }
  const ms = Number(digits);
  if (ms > longestMs) fail(line, `is too much: ${longestMs} ms (a day) at most`);
  return ms;
}

function usualLengthMs(path: string, instantsMs: readonly number[]): number {
  const last = instantsMs.at(-1)!;
  const spanMs = last - instantsMs[0]!;
  if (spanMs === 0) throw new BadTrace(`${path}: all instants are the same; say when it repeats with \`length N\``);
  return last + spanMs / (instantsMs.length - 1);
}

function fail({ path, number, text }: Line, reason: string): never {
  throw new BadTrace(`${path}, line ${number}: ${quoted(text)} ${reason}`);
}
