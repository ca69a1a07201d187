import {
  CST,
  type Document,
  isAlias,
  isMap,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { BadForm, type FormPath, type Problem } from './form-problem.ts';
import { plainText } from './plain-text.ts';
import { reasonOf } from './reason.ts';
import { UsageError } from './usage-error.ts';

/**
 * What a file holds, for the errors that no schema finds. `noun`: "one … per file"; `model` completes "give …" where
 * the file is unlike any such form.
 */
export type FormWords = { readonly noun: string; readonly model: string };

/** Aliases that a file may use: enough for people, too few for a file that expands exponentially. */
const mostAliases = 20;

/** `uniqueKeys` compares all pairs of keys: 70,000 took 24 s. `repeatedField` checks instead. */
const options = { prettyErrors: false, stringKeys: true, uniqueKeys: false, logLevel: 'error' } as const;

/** A parsed document and the positions of its line breaks, to report a node's line and column, both from 1. */
type Source = { readonly file: string; readonly document: Document; readonly lines: LineCounter };

/**
 * Parses YAML 1.2, which includes JSON, and passes the data to `read`. Syntax errors, and a `BadForm` thrown by
 * `read`, become a `UsageError` of one line that begins with `file:line:column`.
 */
export function readYaml<T>(text: string, file: string, words: FormWords, read: (data: unknown) => T): T {
  const lines = new LineCounter();
  const deep = tooDeepAt(text);
  const source: Source = {
    file,
    document: parseDocument(deep === undefined ? text : text.slice(0, deep), { ...options, lineCounter: lines }),
    lines,
  };
  if (deep !== undefined) throw refusal(source, deep, tooDeep(words.model));
  const wrong: YAMLError | undefined = source.document.errors[0] ?? source.document.warnings[0];
  if (wrong) throw refusal(source, wrong.pos[0], syntaxText(wrong, words));
  const repeated = repeatedField(source.document);
  if (repeated !== undefined) throw refusal(source, repeated, 'this field stands twice; give each field once');
  const data = dataOf(source);
  try {
    return read(data);
  } catch (error) {
    if (!(error instanceof BadForm)) throw error;
    throw refusal(source, offsetOf(source.document, error.problem), error.problem.text);
  }
}

/** Far more levels than any form has. */
const mostLevels = 32;

/**
 * Offset at which lists and groups begin to lie within each other more deeply than `mostLevels`, counted by brackets and
 * by marks on the same line; `undefined` if nowhere. The parser would take quadratic time and all of the stack.
 */
function tooDeepAt(text: string): number | undefined {
  let [offset, open, onLine] = [0, 0, 0];
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    const type: string | null = isScalar ? 'scalar-text' : CST.tokenType(token);
    isScalar = type === 'scalar';
    if (type === 'flow-seq-start' || type === 'flow-map-start') open++;
    if (type === 'flow-seq-end' || type === 'flow-map-end') open = Math.max(0, open - 1);
    // Within brackets only brackets nest.
    const isMark = type === 'seq-item-ind' || type === 'explicit-key-ind' || type === 'map-value-ind';
    if (open === 0 && isMark) onLine++;
    if (type === 'newline') onLine = 0;
    if (open + onLine > mostLevels) return offset;
    // These stand for a state of the lexer, not for text.
    if (type !== 'scalar' && type !== 'doc-mode' && type !== 'flow-error-end') offset += token.length;
  }
  return undefined;
}

function syntaxText({ code, message }: YAMLError, { noun, model }: FormWords): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return `a second document begins here; give one ${noun} per file`;
    case 'RESOURCE_EXHAUSTION':
      return tooDeep(model);
    default:
      return `is not valid YAML: ${message}`;
  }
}

function tooDeep(model: string): string {
  return `is nested too deeply; give ${model}`;
}

/** Offset of the first field that repeats one of the same group. */
function repeatedField(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<string>();
      const pair = items.find((item) => keys.size === keys.add(keyText(item)).size);
      if (!pair) return undefined;
      offset = (pair.key as Node).range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
}

function dataOf(source: Source): unknown {
  try {
    return source.document.toJS({ maxAliasCount: mostAliases });
  } catch (error) {
    // The library does not report which alias it was.
    const message = reasonOf(error);
    throw refusal(source, aliasOffset(source.document), `is not valid YAML: ${message}`);
  }
}

/** Offset of the first alias without an anchor, else of the first alias. */
function aliasOffset(document: Document): number {
  const offsets: { first?: number; unresolved?: number } = {};
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return;
      }
      offsets.first ??= node.range?.[0] ?? 0;
      if (!anchors.has(node.source)) offsets.unresolved ??= node.range?.[0] ?? 0;
    },
  });
  return offsets.unresolved ?? offsets.first ?? 0;
}

/** Offset of the problem's node; of the nearest existing parent when the node is missing. */
function offsetOf(document: Document, { path, key }: Problem): number {
  const parent = nodeAt(document, path);
  if (key === undefined) return parent?.range?.[0] ?? 0;
  const pair = isMap(parent) ? parent.items.find((item) => keyText(item) === key) : undefined;
  return (pair?.key as Node | undefined)?.range?.[0] ?? parent?.range?.[0] ?? 0;
}

function nodeAt(document: Document, path: FormPath): Node | undefined {
  let node: Node | null | undefined = document.contents;
  for (const part of path) {
    const collection: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    if (!collection || !('get' in collection)) break;
    const next = collection.get(part, true) as Node | undefined;
    if (!next) break;
    node = next;
  }
  return node ?? undefined;
}

function keyText({ key }: Pair): string {
  return String((key as { readonly value?: unknown } | null)?.value ?? '');
}

function refusal({ file, lines }: Source, offset: number, text: string): UsageError {
  const { line, col } = lines.linePos(offset);
  return new UsageError(plainText(`${file}:${Math.max(1, line)}:${Math.max(1, col)}: ${text}`));
}
