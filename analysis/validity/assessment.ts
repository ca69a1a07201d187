import type { Transport } from '../../protocol/transport.ts';
import type { CompletedTrial, FailedTrial, PlannedScenario } from '../../results/schema/schema.ts';
import type { FigureKey } from '../figures/figures.ts';
import type { TrialWarning } from './warning.ts';

/** A number for each figure; `undefined` if not measured. */
export type FigureValues = Readonly<Record<FigureKey, number | undefined>>;

/** A completed trial with its figures and its warnings. */
export type AssessedTrial = {
  readonly trial: CompletedTrial;
  readonly figures: FigureValues;
  readonly warnings: readonly TrialWarning[];
  /** Whether none of its warnings makes it invalid. */
  readonly valid: boolean;
};

/** All repeats of one transport in one scenario over one path, by block. */
export type TransportAnalysis = {
  readonly transport: Transport;
  /** Trials planned for it: one for each repeat, or two if it runs against itself. */
  readonly planned: number;
  readonly completed: readonly AssessedTrial[];
  readonly valid: readonly AssessedTrial[];
  readonly failed: readonly FailedTrial[];
  /** Medians over the valid repeats; `undefined` if none has the figure. */
  readonly medians: FigureValues;
  /** Whether the machine's pace changed from repeat to repeat, so that CPU in milliseconds holds for this run only. */
  readonly isUnsteady: boolean;
};

/** All transports over one path. */
export type PathAnalysis = {
  /** The name of the path, such as `nginx+tls`. */
  readonly route: string;
  readonly transports: readonly TransportAnalysis[];
};

/** The repeats of one scenario over all paths of the run, the main path first. Nothing is compared yet. */
export type AssessedScenario = {
  readonly planned: PlannedScenario;
  readonly paths: readonly PathAnalysis[];
};
