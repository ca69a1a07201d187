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
 * Reads the scenarios of a module's default export: one or a list, with the names of `Scenario` (`pollIntervalMs: 500`)
 * or of a YAML file (`pollInterval: '500ms'`). Throws a `UsageError` that names the file.
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
  // Without "type": "module" in a package.json, the loader nests the exports one level deeper, as for CommonJS.
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

/**
 * Copies the data, refusing functions and promises and evaluating getters: the checked values must be the ones that
 * run.
 */
function plainData(value: unknown, file: string): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new UsageError(`${file}: is no plain data; ${allowed}`);
  }
}

/** Turns `pollIntervalMs: 500` into the form's `pollInterval: '500ms'`, also within arrivals and inputs. */
function friendly(data: unknown, depth = 0): unknown {
  // No field lies deeper, and the data may be cyclic.
  if (depth > deepest || typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(
    Object.entries(data)
      // An undefined field counts as absent.
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => {
        const short = durations.find((name) => key === `${name}Ms` && !Object.hasOwn(data, name));
        if (short !== undefined && typeof value === 'number') return [short, `${Number(value.toFixed(6))}ms`];
        return [key, friendly(value, depth + 1)];
      }),
  );
}

/** Depth of `inputs.arrivals`. */
const deepest = 2;

/** Names in a file of fields that hold a single duration. */
const durations = Object.values({ ...scenarioFields, ...timeFields, ...arrivalsFields.bursts }).flatMap((row) =>
  row.kind === 'duration' ? row.yaml : [],
);
