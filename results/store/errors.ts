/** Results cannot be read or written. The message is one line that names the file or directory and what to do. */
export class ResultsError extends Error {
  override readonly name: string = 'ResultsError';
}

/** A file of a run is missing, is no JSON, or does not follow the schema; names file and line. */
export class DamagedResults extends ResultsError {
  override readonly name = 'DamagedResults';
}

/** Written by another version of this program, most likely a newer one. */
export class UnknownSchemaVersion extends ResultsError {
  override readonly name = 'UnknownSchemaVersion';
}

/** The directory asked for holds something else, is no directory, or cannot be written. */
export class UnusableDirectory extends ResultsError {
  override readonly name = 'UnusableDirectory';
}

/** There is no run where one was looked for. */
export class NoRun extends ResultsError {
  override readonly name = 'NoRun';
}
