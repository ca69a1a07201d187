import { resolve } from 'node:path';

/** Where package.json stands: of a clone, or of the installed package. */
export const projectRoot = resolve(import.meta.dirname, '../..');
