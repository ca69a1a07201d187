import type { OptionKind } from '../../results/schema/asked-schema.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';
import type { Declaration, Declarations } from './declaration.ts';

/** A field of a planned scenario that an option can change. */
export type PlannedField = keyof Scenario | keyof Times;

/** One option of `pvw run`, with what the record of a run keeps about it. */
export type RunDeclaration = Declaration & {
  readonly kind: OptionKind;
  /** The fields of every planned scenario whose values it replaces; absent: none. */
  readonly changes?: readonly PlannedField[];
};

export type RunDeclarations = Declarations<RunDeclaration>;
