import type { Command } from 'commander';
import { UsageError } from '../text/usage-error.ts';
import { declareOptions } from './options/declaration.ts';
import { type PredictionOptions, predictionGroups } from './options/prediction-options.ts';
import { askedFor } from './request/scenario-arguments.ts';
import { colorsFor } from './screen/colors.ts';
import { type End, exitCodes } from './screen/exit-codes.ts';
import { print } from './screen/output.ts';

const afterHelp = `
Nothing is measured: the numbers follow from a model and a calibration. Those in brackets are 95% intervals.

  pvw predict --clients 50000 --rate 0.2 --channels 1 --payload 300 --staleness 2s --rtt 60ms --tls --proxy nginx
  pvw predict chat-room --clients 2000 --channels 200 --tls --proxy nginx
  pvw predict my.yaml --json                        a scenario of your own

pvw calibrate measures the costs on your machine; until then those that come with pvw are used.`;

/** Width of a table in characters if the output is a file or a pipe. */
const usualColumns = 120;

/** `pvw predict`: what a load would cost over each transport, and what it would give. */
export function addPredict(program: Command, end: End): void {
  const command = program
    .command('predict')
    .summary('what your own load would cost')
    .description('Predicts latency, bytes, requests, cores and memory of a load over each transport, with intervals.')
    .argument('[scenario]', 'a name that pvw list shows, or a file; else --clients and --rate')
    .addHelpText('after', afterHelp)
    .action(async (word: string | undefined, options: PredictionOptions) => {
      const asked = await askedFor(word === undefined ? [] : [word]);
      if (asked.length > 1) throw new UsageError(`${word}: has ${asked.length} scenarios; give a file with one`);
      const { predicted } = await import('./prediction/predicted.ts');
      const found = predicted(asked[0], options);
      const { predictionText } = await import('../report/sentences/prediction-text.ts');
      const { renderPrediction } = await import('../report/terminal/prediction-terminal.ts');
      const paper = { width: process.stdout.columns ?? usualColumns, colors: colorsFor(process.stdout) };
      print(options.json ? `${JSON.stringify(found, null, 2)}\n` : renderPrediction(predictionText(found), paper));
      end(exitCodes.done);
    });
  for (const [heading, table] of Object.entries(predictionGroups)) {
    command.optionsGroup(`${heading}:`);
    declareOptions(command, table);
  }
}
