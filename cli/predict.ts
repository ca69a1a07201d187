import type { Command } from 'commander';
import { declareOptions } from './options/declaration.ts';
import { type PredictionOptions, predictionGroups } from './options/prediction-options.ts';
import type { End } from './screen/exit-codes.ts';

const afterHelp = `
Nothing is measured: the numbers follow from a model and a calibration. Below a number stands its interval, for cores and
memory of 95%.

  pvw predict --clients 50000 --rate 0.2 --channels 1 --payload 300 --staleness 2s --rtt 60ms
  pvw predict chat-room --clients 2000 --channels 200 --tls --proxy nginx
  pvw predict my.yaml --json                        a scenario of your own

pvw calibrate measures the costs on your machine; until then, those that come with pvw are used.`;

/** `pvw predict`: what a load would cost over each transport, and what it would give. */
export function addPredict(program: Command, end: End, args: readonly string[]): void {
  const command = program
    .command('predict')
    .summary('what your own load would cost')
    .description('Predicts latency, bytes, requests, cores and memory of a load over each transport, with intervals.')
    .argument('[scenario]', 'a name that pvw list shows, or a file; else --clients and --rate')
    .addHelpText('after', afterHelp)
    .action(async (word: string | undefined, options: PredictionOptions) => {
      const { answer } = await import('./prediction/answer.ts');
      end(await answer({ word, options, command: ['pvw', ...args] }));
    });
  for (const [heading, table] of Object.entries(predictionGroups)) {
    command.optionsGroup(`${heading}:`);
    declareOptions(command, table);
  }
}
