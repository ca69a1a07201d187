/** Results cannot be read or written. The message is one line that names the file or directory and what to do. */
export class ResultsError extends Error {
  override readonly name: string = 'ResultsError';
}

/** A file of a run is missing, is not JSON, or does not follow the schema. The message names file and line. */
export class DamagedResults extends ResultsError {
  override readonly name = 'DamagedResults';
}

/** The record was written by another version of pvw, most likely a newer one. */
export class UnknownSchemaVersion extends ResultsError {
  override readonly name = 'UnknownSchemaVersion';
}

/** A directory is not empty, is not a directory, or cannot be read or written. */
export class UnusableDirectory extends ResultsError {
  override readonly name = 'UnusableDirectory';
}

/** A file cannot be written. The message names it and gives the system's word, or `error` itself if it is a text. */
export class UnwritableFile extends ResultsError {
  override readonly name = 'UnwritableFile';

  constructor(path: string, error: unknown) {
    super(`${path}: cannot be written (${codeOf(error)})`);
  }
}

/** The directory holds no run. */
export class NoRun extends ResultsError {
  override readonly name = 'NoRun';
}

/** The system's word for what went wrong, such as `ENOENT`; without one the error as text. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
