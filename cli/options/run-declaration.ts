import type { OptionKind } from '../../results/schema/asked-schema.ts';
import type { Scenario, Times } from '../../scenarios/scenario.ts';
import type { Declaration, Declarations } from './declaration.ts';

/** A field of a planned scenario that an option can change. */
export type PlannedField = keyof Scenario | keyof Times;

/** One option of `pvw run`, with what the record of a run keeps about it. */
export type RunDeclaration = Declaration & {
  readonly kind: OptionKind;
  /** The fields of planned scenarios whose values it replaces, or which ones a value replaces; absent: none. */
  readonly changes?: readonly PlannedField[] | ((text: string) => readonly PlannedField[]);
};

export type RunDeclarations = Declarations<RunDeclaration>;
