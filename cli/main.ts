import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { ResultsError } from '../results/store/errors.ts';
import { plainText } from '../text/plain-text.ts';
import { UsageError } from '../text/usage-error.ts';
import { addCalibrate } from './calibrate.ts';
import { addCapacity } from './capacity.ts';
import { addCompare } from './compare.ts';
import { addDoctor } from './doctor.ts';
import { addInitScenario } from './init-scenario.ts';
import { addList } from './list.ts';
import { addPredict } from './predict.ts';
import { addReport } from './report.ts';
import { addRun } from './run.ts';
import { type End, type ExitCode, exitCodes } from './screen/exit-codes.ts';
import { outliveReaders, print } from './screen/output.ts';
import { addSweep } from './sweep.ts';

const afterHelp = `
Exit codes: ${exitCodes.done} done · ${exitCodes.internal} internal error · ${exitCodes.usage} usage or invalid input · \
${exitCodes.threshold} a threshold failed · ${exitCodes.invalid} the run is invalid · ${exitCodes.interrupted} interrupted
Colour is left out where NO_COLOR is set or the output is no terminal.`;

/** The command `pvw`; `args` are the words after it. Returns the exit code and never throws. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const end: End = (ended) => {
    code = ended;
  };
  const program = new Command('pvw')
    .description('What does it cost to keep a client up to date: polling, SSE and WebSocket, measured')
    .usage('<verb> [options]')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .addHelpText('after', afterHelp)
    .configureOutput({ writeOut: print, outputError: (text, write) => write(usageComplaint(text, args[0])) })
    .exitOverride();
  addRun(program, end, args);
  addSweep(program, end, args);
  addCapacity(program, end, args);
  addReport(program, end);
  addCompare(program, end);
  addPredict(program, end, args);
  addCalibrate(program, end, args);
  addList(program, end);
  addInitScenario(program, end);
  addDoctor(program, end);
  addHelp(program);

  outliveReaders();
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return failure(error);
  }
}

/** Commander's own prints all help for an unknown verb, and no reason. */
function addHelp(program: Command): void {
  program
    .command('help [verb]')
    .description('print help for a verb')
    .action((verb: string | undefined) => {
      const command = verb === undefined ? program : program.commands.find((known) => known.name() === verb);
      if (command) command.outputHelp();
      else program.error(`unknown command '${verb}'`);
    });
}

function failure(error: unknown): ExitCode {
  // Commander has already printed its line, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof UsageError || error instanceof ResultsError) {
    process.stderr.write(complaint(error.message));
    return exitCodes.usage;
  }
  process.stderr.write(`pvw: internal error: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return exitCodes.internal;
}

/** Commander's message with the command whose help lists the allowed values. */
function usageComplaint(text: string, verb = ''): string {
  const help = /^[a-z][a-z-]*$/.test(verb) && !text.includes('unknown command') ? `pvw ${verb} --help` : 'pvw --help';
  return complaint(
    `${text
      .replace(/^error: /, '')
      .trim()
      .replace(/\.$/, '')}; see ${help}`,
  );
}

function complaint(text: string): string {
  return `pvw: ${plainText(text)}\n`;
}
