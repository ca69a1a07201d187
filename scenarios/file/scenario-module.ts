import { BadForm } from '../../text/form-problem.ts';
import { plainText } from '../../text/plain-text.ts';
import { UsageError } from '../../text/usage-error.ts';
import { arrivalsFields, scenarioFields, timeFields } from '../fields.ts';
import { allowedExport, exportedData } from './module-export.ts';
import { type OwnScenario, readForm } from './scenario-form.ts';

/**
 * Reads the scenarios of a module's default export: one or a list, with the names of `Scenario` (`pollIntervalMs: 500`)
 * or of a YAML file (`pollInterval: '500ms'`). Throws a `UsageError` that names the file.
 */
export async function readModule(file: string): Promise<readonly OwnScenario[]> {
  const exported = await exportedData(file);
  const list = Array.isArray(exported) ? exported : [exported];
  if (list.length === 0) throw new UsageError(`${file}: the list is empty; ${allowedExport}`);
  // Not `map`, which would skip the holes of a sparse list.
  return Array.from(list, (data: unknown, index) => {
    try {
      return readForm(friendly(data), file);
    } catch (error) {
      if (!(error instanceof BadForm)) throw error;
      const place = Array.isArray(exported) ? `scenario ${index + 1} of the list: ` : '';
      throw new UsageError(plainText(`${file}: ${place}${error.problem.text}`));
    }
  });
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
