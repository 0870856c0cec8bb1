/** A choice of a few things as segments: buttons of which one is pressed. */

import { element } from "./element.js";

/**
 * Make segments.
 *
 * @param {string} label of the group
 * @param {[string, string][]} options value and text of each
 * @param {(value: string) => void} onchange called when the user chooses
 * @returns {{element: HTMLElement, choose: (value: string) => void}} choose does not call onchange
 */
export function segments(label, options, onchange) {
    const buttons = options.map(([value, text]) =>
        element(
            "button",
            { type: "button", "aria-pressed": "false", onclick: () => onchange(value) },
            text,
        ),
    );
    return {
        element: element(
            "div",
            { class: "segments", role: "group", "aria-label": label },
            ...buttons,
        ),
        choose: (value) => {
            options.forEach(([name], i) =>
                buttons[i].setAttribute("aria-pressed", String(name === value)),
            );
        },
    };
}
