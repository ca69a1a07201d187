import { z } from 'zod';
import { runRecord, trialRecord } from './schema.ts';

/** JSON Schema (2020-12) of `run.json` and of one line of `trials.jsonl`, made from the zod source. */
export function jsonSchemas(): Readonly<Record<'run' | 'trial', object>> {
  return { run: z.toJSONSchema(runRecord), trial: z.toJSONSchema(trialRecord) };
}
