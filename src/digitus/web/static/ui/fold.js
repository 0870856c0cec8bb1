/** Parts of a card that open and close: open at first, on a phone closed. */

import { element } from "./element.js";

/** @typedef {import("./element.js").Child} Child */

/** Where cards stand below each other, as in inside.css. */
export const PHONE = "(max-width: 779px)";

/**
 * Make a part of a card with a heading that opens and closes it.
 *
 * @param {HTMLHeadingElement} heading
 * @param {...Child} children
 * @returns {HTMLDetailsElement}
 */
export function fold(heading, ...children) {
    return element(
        "details",
        { class: "fold", open: !matchMedia(PHONE).matches },
        element("summary", {}, heading),
        element("div", { class: "stack fold-body" }, ...children),
    );
}
