import { answerParent } from '../../machine/process/control.ts';
import type { ProcessSample } from '../../machine/process/process-sample.ts';
import { type Nginx, type NginxOptions, startNginx } from './nginx.ts';

/** The proxy between clients and nodes, as started. */
export type StartedProxy = Pick<Nginx, 'port' | 'version' | 'configuration' | 'workers'>;

/** The calls of the process in charge of a proxy. The sample covers NGINX only, not this process. */
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
        // Without NGINX this process has no purpose; the parent reads the reason.
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
