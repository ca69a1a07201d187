import type { Command } from 'commander';
import { type CalibrationOptions, calibrationOptions } from './options/calibration-options.ts';
import { declareOptions } from './options/declaration.ts';
import type { End } from './screen/exit-codes.ts';

const afterHelp = `
Measures what a client, an update, a request, a delivery and a byte cost on this machine: rates crossed with fan-out 1, 10,
50 and 500, over the four transports; some 12 minutes on the direct path, 6 on another. pvw predict then uses the newest
calibration of its path. The machine should have nothing else to do.

  pvw calibrate                        the direct path
  pvw calibrate --clients 10000        with one more workload of 10,000 clients, for predictions of many thousands
  pvw calibrate --tls --proxy nginx    behind NGINX with TLS`;

/** `pvw calibrate`: measures the costs that predictions rest on. */
export function addCalibrate(program: Command, end: End, args: readonly string[]): void {
  const command = program
    .command('calibrate')
    .summary('measure the costs that predictions rest on')
    .description('Measures what a client, an update, a request, a delivery and a byte cost on this machine.')
    .addHelpText('after', afterHelp)
    .action(async (options: CalibrationOptions) => {
      const { calibrate } = await import('./prediction/calibrate.ts');
      end(await calibrate(['pvw', ...args], options));
    });
  declareOptions(command, calibrationOptions);
}
