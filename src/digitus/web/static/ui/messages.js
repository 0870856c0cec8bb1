/** Messages at the foot of the page: one clear sentence each, until it is closed or replaced. */

import { DigitusError } from "../errors.js";
import { element } from "./element.js";
import { icon } from "./icons.js";

const MOST_MESSAGES = 3;

/**
 * Show a sentence.
 *
 * @param {string} sentence what, what was wanted, what came, what to do
 */
export function say(sentence) {
    const place = /** @type {HTMLElement} */ (document.getElementById("messages"));
    for (const other of [...place.children]) {
        if (other.firstChild?.textContent === sentence) other.remove();
    }
    const label = "Close the message";
    const close = element("button", { class: "icon", "aria-label": label }, icon("close"));
    const message = element("div", { class: "message" }, element("p", {}, sentence), close);
    close.addEventListener("click", () => message.remove());
    place.append(message);
    while (place.children.length > MOST_MESSAGES) place.firstChild?.remove();
}

/**
 * Run an action; show the sentence of an expected failure, and let others pass to the console.
 *
 * @template T
 * @param {() => T | Promise<T>} action
 * @returns {Promise<T | undefined>}
 */
export async function attempt(action) {
    try {
        return await action();
    } catch (error) {
        if (!(error instanceof DigitusError)) throw error;
        say(error.message);
        return undefined;
    }
}
