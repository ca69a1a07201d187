import { formatDuration } from '../../text/duration.ts';
import { type BadForm, badValue } from '../../text/form-problem.ts';
import { scenarioFields } from '../fields.ts';
import type { Scenario } from '../scenario.ts';
import type { ScenarioForm } from './form-schema.ts';
import type { OwnMisfit } from './rules.ts';

/**
 * Words a broken rule for the author of a scenario file. It points at a field that the file gives: with `extends`, some
 * may come from another scenario.
 */
export function problemOf(misfit: OwnMisfit, scenario: Scenario, form: ScenarioForm): BadForm {
  const { clients, channels, encoding } = scenario;
  switch (misfit.rule) {
    case 'channel-without-client': {
      const why = 'every channel needs a client';
      return form.channels === undefined
        ? badValue(['clients'], clients, `at least ${misfit.leastClients}: ${why}`)
        : badValue(['channels'], channels, `at most ${misfit.mostChannels}: ${why}`);
    }
    case 'cohort-without-client':
      return badValue(
        ['clients'],
        clients,
        `at least ${misfit.leastClients}: in each of ${channels} channels one for each of ${misfit.cohorts} intervals`,
      );
    case 'cohorts-publish':
      return badValue(
        [scenarioFields.pollCohortsMs.yaml],
        misfit.intervalsMs.map(formatDuration).join(', '),
        'it for clients that publish nothing',
        'cannot be compared where clients publish',
      );
    case 'broadcast-by-clients':
      return badValue(['origin'], scenario.origin, 'server', 'has no source for broadcast');
    case 'payload-size': {
      const { of, payload, bytes } = misfit;
      const why = `is too ${payload.bytes < bytes[0] ? 'small' : 'large'} for ${payload.kind} in ${encoding}`;
      const path = of === 'payload' ? ['payload', 'bytes'] : [of, 'payload', 'bytes'];
      return badValue(path, payload.bytes, `a whole number from ${bytes[0]} to ${bytes[1]}`, why);
    }
  }
}
