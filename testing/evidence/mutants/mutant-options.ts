import { parseArgs } from 'node:util';

/** The options of `npm run evidence -- mutants`. */
export type Asked = {
  readonly seed: string;
  /** A part of the module's path; empty: all modules. */
  readonly module: string;
  /** The number of mutants of each module, or all if fewer are possible. */
  readonly perModule: number;
  /** Only lists the modules. */
  readonly list: boolean;
};

const defaults = { seed: '1', perModule: 10 };

const help = `npm run evidence -- mutants [options]

  --list            name the modules with the mutants that are possible, and end
  --module PART     only modules with PART in their path
  --per-module N    mutants of each module (${defaults.perModule}); fewer where fewer are possible
  --all             every possible mutant
  --seed TEXT       which of them (${defaults.seed})

How to read: a mutant is a module with one mistake in it, made on purpose. It is killed when a fast test of that module
fails, or does not end. One that survives is printed as file:line with the line before (-) and after (+): write a test
that sees the difference. Where no test could see one, enter it in testing/evidence/mutants/equivalents.ts with a proof.
The tests of a module are x.test.ts beside x.ts and those of its folder that import it.
A run with options is not recorded.`;

/** Throws a readable error if an option is unknown or invalid. `--help` prints the help and ends the process. */
export function readOptions(options: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...options],
    options: {
      list: { type: 'boolean', default: false },
      module: { type: 'string', default: '' },
      'per-module': { type: 'string', default: String(defaults.perModule) },
      all: { type: 'boolean', default: false },
      seed: { type: 'string', default: defaults.seed },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    process.exit(0);
  }
  const perModule = values.all ? Number.POSITIVE_INFINITY : Number(values['per-module']);
  if (!(perModule >= 1)) throw new Error(`--per-module: ${values['per-module']} is no count`);
  return { seed: values.seed, module: values.module, perModule, list: values.list };
}
