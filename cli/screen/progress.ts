import type { PlannedTrial } from '../../bench/plan/plan.ts';
import type { Progress, Stage } from '../../bench/trial/progress.ts';
import { type Colors, endedLine, liveLine, startedLine } from './progress-line.ts';
import { createTimeLeft } from './time-left.ts';

/** The part of a terminal that is used here. `isTTY`: it can erase a line. */
export type Terminal = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly write: (text: string) => unknown;
};

export type ProgressView = {
  readonly show: (progress: Progress) => void;
  /** A line that stays, above the live line. */
  readonly note: (text: string) => void;
  /** Erases the live line and stops redrawing it. */
  readonly close: () => void;
};

/** Often enough to look alive. Drawing takes CPU from the measurement. */
const redrawMs = 1_000;
const eraseLine = '\r\u001b[2K';

/** Draws a live line on a terminal, and writes plain lines otherwise. `nowMs` only needs to go forward. */
export function createProgressView(
  trials: readonly PlannedTrial[],
  terminal: Terminal,
  colors: Colors,
  nowMs: () => number = () => performance.now(),
): ProgressView {
  const live = terminal.isTTY === true;
  const timeLeft = createTimeLeft(trials);
  let index = 0;
  let stage: Stage = 'start';
  let running: PlannedTrial | undefined;

  const draw = () => {
    if (!live || !running) return;
    const moment = { trial: running, index, total: trials.length, stage, ...timeLeft.at(nowMs()) };
    terminal.write(eraseLine + liveLine(moment, terminal.columns ?? 80, colors));
  };
  const note = (text: string) => {
    terminal.write(`${live ? eraseLine : ''}${text}\n`);
    draw();
  };
  const timer = live ? setInterval(draw, redrawMs).unref() : undefined;

  const show = (progress: Progress) => {
    switch (progress.kind) {
      case 'trial-started':
        ({ index, trial: running } = progress);
        stage = 'start';
        timeLeft.startTrial(index, nowMs());
        if (live) draw();
        else note(startedLine(running, index, progress.total, timeLeft.at(nowMs()).leftMs));
        return;
      case 'stage':
        stage = progress.stage;
        draw();
        return;
      case 'trial-ended': {
        timeLeft.endTrial(nowMs());
        const ended = running;
        running = undefined;
        if (ended) note(endedLine(ended, progress.record, progress.index, progress.total, colors));
        return;
      }
      case 'block-ended':
        return;
    }
  };
  const close = () => {
    clearInterval(timer);
    if (live) terminal.write(eraseLine);
    running = undefined;
  };
  return { show, note, close };
}

/** For `--quiet`. */
export const silentProgress: ProgressView = { show: () => {}, note: () => {}, close: () => {} };
