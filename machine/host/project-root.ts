import { resolve } from 'node:path';

/** Directory of package.json, in a clone or in the installed package. */
export const projectRoot = resolve(import.meta.dirname, '../..');
