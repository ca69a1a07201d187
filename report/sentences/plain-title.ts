import { type Point, pointSuffix, type ScenarioAt, scenarioKey } from '../../scenarios/point.ts';
import { plainText } from '../../text/plain-text.ts';

/** Maximum length of a name from a file, so that it cannot fill the line. The point after it is never cut off. */
const longest = 60;

/** The title of a scenario with its point, safe to show in a terminal. */
export function plainTitle(title: string, point: Point): string {
  return `${plainText(title, longest)}${pointSuffix(point)}`;
}

/** The name of a scenario with its point, `chat-room@clients=300`, safe to show in a terminal. */
export function plainName({ scenario, point }: ScenarioAt): string {
  return scenarioKey({ scenario: plainText(scenario, longest), point });
}
