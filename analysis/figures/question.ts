import { type BytePlace, byteFigures, placeOfFigure, placeWords } from './byte-place.ts';
import type { FigureKey } from './figures.ts';

/**
 * The questions that were declared before anything was measured. Memory is not among them: it is known only in runs
 * with many clients, and a question mostly without data must not make the others harder to answer.
 */
export const declaredQuestions = ['freshness', 'bytes', 'server-cpu'] as const;

export type DeclaredQuestion = (typeof declaredQuestions)[number];

/** A question that a reader wants answered. */
export type Question = DeclaredQuestion | 'memory';

/** One question: the figure that decides it, and all words that reports use for it. */
type QuestionRecord = {
  /** Of bytes, those at the sockets: see `figureFor`. */
  readonly figure: FigureKey;
  /**
   * The smallest difference that counts, as a share. Two transports that differ by less for certain are equal: it is no
   * reason to choose one of them.
   */
  readonly leastDifference: number;
  /** As a reader asks it. */
  readonly title: string;
  /** The figure, as the subtitle of the question. */
  readonly measure: string;
  /** Within a sentence: "apart in [server CPU]". */
  readonly noun: string;
  /** "SSE [takes] 12% less server CPU than WebSocket". */
  readonly verb: string;
  /** "12.8 times [sooner]", also the word before `object`. */
  readonly lower: string;
  readonly higher: string;
  /** What there is less or more of: "less [server CPU] than". Empty if the comparative is enough. */
  readonly object: string;
  /** "SSE [needs the fewest bytes]". */
  readonly least: string;
  /** "SSE and WebSocket [need the fewest bytes]". */
  readonly leastOfSeveral: string;
};

/**
 * In the order in which they are answered. CPU is that of the whole serving side, because work that a proxy takes over
 * is not saved.
 */
export const questions: Readonly<Record<Question, QuestionRecord>> = {
  freshness: {
    figure: 'latency.p50',
    // 1 ms of the 20 that half a round trip of 40 takes: too little to be seen.
    leastDifference: 0.05,
    title: 'How soon does an update arrive?',
    measure: 'median delivery latency',
    noun: 'delivery latency',
    verb: 'delivers',
    lower: 'sooner',
    higher: 'later',
    object: '',
    least: 'delivers soonest',
    leastOfSeveral: 'deliver soonest',
  },
  bytes: {
    figure: 'bytes.total',
    // Traffic is counted exactly and paid by volume, but a hundredth of the bill is no reason to change a protocol.
    leastDifference: 0.01,
    title: 'How many bytes does a client cost?',
    measure: 'bytes per client and minute',
    noun: 'bytes',
    verb: 'needs',
    lower: 'fewer',
    higher: 'more',
    object: 'bytes',
    least: 'needs the fewest bytes',
    leastOfSeveral: 'need the fewest bytes',
  },
  'server-cpu': {
    figure: 'cpu.serving.update',
    // Repeats on one machine scatter by 17%: a tenth is less than one deployment differs from the next by.
    leastDifference: 0.1,
    title: 'What does the server pay?',
    measure: 'server CPU per published update',
    noun: 'server CPU',
    verb: 'takes',
    lower: 'less',
    higher: 'more',
    object: 'server CPU',
    least: 'takes the least server CPU',
    leastOfSeveral: 'take the least server CPU',
  },
  memory: {
    figure: 'memory.server',
    // It does not change how many clients a machine is planned for, which leaves more than that free.
    leastDifference: 0.05,
    title: 'What does a connected client take?',
    measure: 'server memory per client',
    noun: 'server memory',
    verb: 'takes',
    lower: 'less',
    higher: 'more',
    object: 'server memory',
    least: 'takes the least server memory',
    leastOfSeveral: 'take the least server memory',
  },
};

export const questionNames = Object.keys(questions) as readonly Question[];

/** The figure that decides a question of trials whose bytes were counted at this place. */
export function figureFor(question: Question, place: BytePlace): FigureKey {
  return question === 'bytes' ? byteFigures[place].both : questions[question].figure;
}

/** The words for a question; for bytes they say where these were counted: "fewer [bytes on the wire] than". */
export function wordsOf(question: Question, place: BytePlace): QuestionRecord {
  const words = questions[question];
  if (question !== 'bytes') return words;
  const at = (text: string) => `${text} ${placeWords[place]}`;
  return {
    ...words,
    measure: at(words.measure),
    noun: at(words.noun),
    object: at(words.object),
    least: at(words.least),
    leastOfSeveral: at(words.leastOfSeveral),
  };
}

/** The question that a figure decides; `undefined` for the figures that decide none. */
export function questionOf(figure: FigureKey): Question | undefined {
  return questionNames.find((name) => figureFor(name, placeOfFigure(figure) ?? 'sockets') === figure);
}
