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

/** The requested directory is not empty, is not a directory, or cannot be written. */
export class UnusableDirectory extends ResultsError {
  override readonly name = 'UnusableDirectory';
}

/** The directory holds no run. */
export class NoRun extends ResultsError {
  override readonly name = 'NoRun';
}
