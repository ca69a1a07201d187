import autocannon from 'autocannon';
import { answerParent } from '../../../machine/process/control.ts';
import { type ProcessSample, sampleProcess } from '../../../machine/process/process-sample.ts';

export type AutocannonCalls = {
  /** Asks as fast as it is answered, over so many connections, until the process ends. */
  readonly start: (asked: { readonly url: string; readonly connections: number }) => void;
  readonly sample: () => ProcessSample;
};

const longEnoughSeconds = 30;

function autocannonCalls(): AutocannonCalls {
  return {
    start: ({ url, connections }) => {
      // With a callback it returns at once.
      autocannon({ url, connections, duration: longEnoughSeconds }, () => {});
    },
    sample: sampleProcess,
  };
}

answerParent(autocannonCalls());
