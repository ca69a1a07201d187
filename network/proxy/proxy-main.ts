import { answerParent } from '../../machine/process/control.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { type Nginx, type NginxOptions, startNginx } from './nginx.ts';

/** What stands between clients and nodes, as it was started. */
export type StartedProxy = Pick<Nginx, 'port' | 'version' | 'configuration' | 'workers'>;

/** The questions that the process in charge of a proxy answers. Its own CPU is not the proxy's and not in the sample. */
export type ProxyCalls = {
  readonly start: (options: NginxOptions) => Promise<StartedProxy>;
  readonly sample: () => ProcessSample;
  readonly reload: () => Promise<void>;
};

function proxyCalls(): ProxyCalls {
  let nginx: Nginx | undefined;
  const running = () => {
    if (!nginx) throw new Error('proxy: not started');
    return nginx;
  };
  return {
    start: async (options) => {
      nginx = await startNginx(options);
      const { port, version, configuration, workers, lost, stop } = nginx;
      process.once('exit', stop);
      lost.then((how) => {
        // Without it there is nothing to be in charge of; the parent reads why.
        console.error(`error: ${how}`);
        process.exit(1);
      });
      return { port, version, configuration, workers };
    },
    sample: () => running().sample(),
    reload: () => running().reload(),
  };
}

answerParent(proxyCalls());
