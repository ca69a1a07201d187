import { pathWords } from '../../analysis/model/prediction/path.ts';
import { numbersOf } from '../../analysis/model/prediction/your-numbers.ts';
import type { Route } from '../../network/route/route.ts';
import { renderPredictionMarkdown } from '../../report/export/prediction-markdown.ts';
import { renderPredictionPage } from '../../report/page/prediction-page.ts';
import { type Predicted, predictionText } from '../../report/prediction/text.ts';
import type { NumbersData } from '../../report/prediction/your-numbers.ts';
import { renderPrediction } from '../../report/terminal/prediction-terminal.ts';
import { UsageError } from '../../text/usage-error.ts';
import { writeNamed } from '../files/write-exports.ts';
import { checkOwnFiles } from '../options/export-files.ts';
import type { PredictionOptions } from '../options/prediction-options.ts';
import { askedFor } from '../request/scenario-arguments.ts';
import { colorsFor } from '../screen/colors.ts';
import { type ExitCode, exitCodes } from '../screen/exit-codes.ts';
import { print } from '../screen/output.ts';
import { measureCheck } from './measure-check.ts';
import { predicted } from './predicted.ts';

/** What was typed: a scenario's name or file, options, and the whole command. */
export type Typed = {
  readonly word: string | undefined;
  readonly options: PredictionOptions;
  readonly command: readonly string[];
};

/** Width of a table in characters if the output is a file or a pipe. */
const usualColumns = 120;

/** Predicts, prints, writes what was asked for, and measures a check. Throws `UsageError` before anything is printed. */
export async function answer({ word, options, command }: Typed): Promise<ExitCode> {
  checkOwnFiles({ '--export-markdown': options.exportMarkdown, '--page': options.page });
  const asked = await askedFor(word === undefined ? [] : [word]);
  if (asked.length > 1) throw new UsageError(`${word}: has ${asked.length} scenarios; give a file with one`);
  const { found, route } = predicted(asked[0], options);
  const text = predictionText(found);
  const paper = { width: process.stdout.columns ?? usualColumns, colors: colorsFor(process.stdout) };
  print(options.json ? `${JSON.stringify(recordOf(found), null, 2)}\n` : renderPrediction(text, paper));
  if (options.exportMarkdown !== undefined) {
    writeNamed('--export-markdown', options.exportMarkdown, renderPredictionMarkdown(text));
  }
  if (options.page !== undefined) {
    writeNamed('--page', options.page, await renderPredictionPage(pageData(found, route, { word, options, command })));
  }
  return options.check ? await measureCheck({ predicted: found, route, command }) : exitCodes.done;
}

/** Without the coefficients of the calibration, which its own file has. */
function recordOf({ calibration, path, from, ...found }: Predicted) {
  const { version, measuredAt, environment } = calibration;
  const { recommendations, notes } = predictionText({ calibration, path, from, ...found });
  return { ...found, recommendations, notes, calibration: { from, version, measuredAt, environment } };
}

function pageData(
  { question, calibration, path, from, phrase }: Predicted,
  route: Route,
  { word, options }: Typed,
): NumbersData {
  const { scenario, rttMs, toleranceMs, extraBytes } = question;
  const given = options.from === undefined ? [] : [`--from ${options.from}`];
  return {
    calibration,
    path,
    from,
    phrase,
    pathOptions: [pathWords(route), ...given].filter((part) => part !== '').join(' '),
    usual: numbersOf(scenario, rttMs, toleranceMs),
    ...(word !== undefined && { base: { scenario, word } }),
    ...(extraBytes && { extraBytes }),
  };
}
