import fc from 'fast-check';

/** The part of JSON Schema that zod writes for records of runs. */
export type JsonSchema = {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | JsonSchema;
  readonly format?: string;
  readonly minimum?: number;
};

/** Any JSON value that matches a schema. Lists are short, because only the presence of fields matters. */
export function arbitraryOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(arbitraryOf));
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Math.max(-1_000_000, schema.minimum ?? -1_000_000), max: 1_000_000 });
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'string':
      return schema.format === 'date-time' ? instant : fc.string({ maxLength: 8 });
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: 2 });
    case 'object':
      return ofObject(schema);
    default:
      throw new Error(`no arbitrary for the JSON Schema type ${type}`);
  }
}

const instant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** An object with the properties of the schema, or with any names if the schema names none. */
function ofObject({ properties, required = [], additionalProperties }: JsonSchema): fc.Arbitrary<unknown> {
  if (!properties) {
    const values = additionalProperties ? arbitraryOf(additionalProperties) : fc.constant(0);
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), values, { maxKeys: 2 });
  }
  const entries = Object.entries(properties).map(([name, schema]) => [name, arbitraryOf(schema)] as const);
  const all = fc.record(Object.fromEntries(entries), { requiredKeys: [...required] });
  // An encoded distribution of any text holds nothing.
  return 'encoded' in properties ? all.map((value) => ({ ...value, count: 0 })) : all;
}
