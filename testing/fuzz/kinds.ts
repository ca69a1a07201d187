import { answerKind } from './answer-inputs.ts';
import { commandKind, optionKind } from './command-inputs.ts';
import type { Kind } from './kind.ts';
import { moduleKind } from './module-inputs.ts';
import { pageKind } from './page-inputs.ts';
import { runKind } from './run-inputs.ts';
import { jsonKind, traceKind, yamlKind } from './scenario-inputs.ts';
import { requestKind } from './server-inputs.ts';

/** The kinds of input by name, with how many are tried at least in a whole campaign. */
export const kinds: Readonly<Record<string, { readonly kind: Kind; readonly least: number }>> = {
  options: { kind: optionKind, least: 2_000 },
  yaml: { kind: yamlKind, least: 2_500 },
  json: { kind: jsonKind, least: 2_000 },
  modules: { kind: moduleKind, least: 200 },
  traces: { kind: traceKind, least: 1_500 },
  runs: { kind: runKind, least: 400 },
  pages: { kind: pageKind, least: 50 },
  requests: { kind: requestKind, least: 1_000 },
  answers: { kind: answerKind, least: 200 },
  command: { kind: commandKind, least: 600 },
};
