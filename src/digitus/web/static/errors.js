/** The failures that a user can meet; `ui/messages.js` shows their sentences. */

/** An expected failure; its text is one sentence that names the cause and the remedy. */
export class DigitusError extends Error {}
