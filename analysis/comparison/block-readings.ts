import type { Transport } from '../../protocol/transport.ts';
import type { Measured } from '../figures/figure.ts';
import { figureOf } from '../figures/figures.ts';
import { type Question, questions } from '../figures/question.ts';
import { isCold } from '../validity/validity.ts';

/** The figure of a question by block. Only positive readings have a ratio; CPU of cold trials is left out. */
export function readingsOf(measured: readonly Measured[], question: Question): ReadonlyMap<number, number> {
  const readings = new Map<number, number>();
  for (const each of measured) {
    if (question === 'server-cpu' && isCold(each.trial)) continue;
    const value = figureOf(questions[question].figure, each);
    if (value !== undefined && value > 0) readings.set(each.trial.block, value);
  }
  return readings;
}

/** Readings of several transports in the blocks in which each of them has one; `readings` by transport, then block. */
export type CompleteBlocks = {
  readonly transports: readonly Transport[];
  readonly blocks: readonly number[];
  readonly readings: readonly (readonly number[])[];
};

/**
 * The blocks that are complete for all transports. While these are fewer than `least`, the transport with the fewest
 * readings is left out, the later one if several have as few: one that failed throughout must not take the verdict
 * from the others. `undefined` if fewer than two transports remain.
 */
export function completeBlocks(
  measured: readonly Measured[],
  transports: readonly Transport[],
  question: Question,
  least: number,
): CompleteBlocks | undefined {
  let rows = transports.map((transport) => ({
    transport,
    byBlock: readingsOf(
      measured.filter(({ trial }) => trial.transport === transport),
      question,
    ),
  }));
  while (rows.length >= 2) {
    const blocks = [...rows[0]!.byBlock.keys()]
      .filter((block) => rows.every(({ byBlock }) => byBlock.has(block)))
      .sort((a, b) => a - b);
    if (blocks.length >= least) {
      const readings = rows.map(({ byBlock }) => blocks.map((block) => byBlock.get(block)!));
      return { transports: rows.map(({ transport }) => transport), blocks, readings };
    }
    const fewest = Math.min(...rows.map(({ byBlock }) => byBlock.size));
    const left = rows.findLastIndex(({ byBlock }) => byBlock.size === fewest);
    rows = rows.filter((_, place) => place !== left);
  }
  return undefined;
}
