import aws from './aws.json' with { type: 'json' };
import awsApiGateway from './aws-api-gateway.json' with { type: 'json' };
import googleCloud from './google-cloud.json' with { type: 'json' };
import type { PriceList } from './price-list.ts';

/**
 * The price lists that come with pvw, by name. TypeScript reads the units of a JSON file as mere strings, hence the
 * assertion; the test reads each file as it reads a user's, so that pages need no parser for them.
 */
export const builtInPrices = {
  aws,
  'google-cloud': googleCloud,
  'aws-api-gateway': awsApiGateway,
} as Readonly<Record<string, PriceList>>;
