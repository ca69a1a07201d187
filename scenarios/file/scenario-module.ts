import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tsImport } from 'tsx/esm/api';
import { plainText } from '../../text/plain-text.ts';
import { UsageError } from '../../text/usage-error.ts';
import { arrivalsFields, scenarioFields, timeFields } from '../fields.ts';
import { type OwnScenario, readForm } from './scenario-form.ts';
import { BadScenario } from './scenario-problem.ts';

const allowed = 'export default a scenario, or a list of them, as plain data';

/**
 * The scenarios that a module exports by default: one or a list, as `Scenario` has it (`pollIntervalMs: 500`) or as a
 * YAML file does (`pollInterval: '500ms'`). Throws `UsageError` naming the file.
 */
export async function readModule(file: string): Promise<readonly OwnScenario[]> {
  const exported = plainData(await defaultExport(file), file);
  const list = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0) throw new UsageError(`${file}: the list is empty; ${allowed}`);
  return list.map((data: unknown, index) => {
    try {
      return readForm(friendly(data), file);
    } catch (error) {
      if (!(error instanceof BadScenario)) throw error;
      const place = Array.isArray(exported) ? `scenario ${index + 1} of the list: ` : '';
      throw new UsageError(plainText(`${file}: ${place}${error.problem.text}`));
    }
  });
}

async function defaultExport(file: string): Promise<unknown> {
  const loaded = await load(file);
  // Where no package.json says "module", the loader hands over what CommonJS would export, one level deeper.
  const outer = loaded.default as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined;
  const inner = outer?.__esModule ? outer.default : outer;
  if (inner === undefined) throw new UsageError(`${file}: has no default export; ${allowed}`);
  return inner;
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await tsImport(pathToFileURL(resolve(file)).href, { parentURL: import.meta.url, tsconfig: false });
  } catch (error) {
    const reason = plainText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 300);
    throw new UsageError(plainText(`${file}: cannot be loaded (${reason}); ${allowed}`));
  }
}

/** A copy without getters, functions and promises: what was checked must be what runs. */
function plainData(value: unknown, file: string): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new UsageError(`${file}: is no plain data; ${allowed}`);
  }
}

/** `pollIntervalMs: 500` as the form has it, `pollInterval: '500ms'`; likewise within arrivals and inputs. */
function friendly(data: unknown, depth = 0): unknown {
  // Nothing of ours lies deeper, and data may contain itself.
  if (depth > deepest || typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data)
      // What is undefined is left out, as TypeScript has it.
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const short = durations.find((name) => key === `${name}Ms` && !Object.hasOwn(data, name));
        if (short !== undefined && typeof value === 'number') return [short, `${Number(value.toFixed(6))}ms`];
        return [key, friendly(value, depth + 1)];
      }),
  );
}

/** Of `inputs.arrivals`. */
const deepest = 2;

/** Names in a file of fields that hold one duration. */
const durations = Object.values({ ...scenarioFields, ...timeFields, ...arrivalsFields.bursts }).flatMap((row) =>
  row.kind === 'duration' ? row.yaml : [],
);
