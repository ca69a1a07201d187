/** Does what the system may refuse without harm. */
export function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Refused.
  }
}
