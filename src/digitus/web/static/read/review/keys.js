/** The keys of a view as a list: beside it where there is room, and in a dialog after "?". */

import { element } from "../../ui/element.js";
import { showDialog } from "../dialogs.js";

/** Keys of one action, and what it does. @typedef {[string[], string]} KeyLine */

/** @type {KeyLine[]} */
export const PAGE_KEYS = [
    [["Arrow keys"], "to another number"],
    [["Enter"], "type; once more: confirm"],
    [["1", "2", "3"], "take a reading"],
    [["J"], "join with the next number"],
    [["Shift+→"], "choose several, for J"],
    [["S"], "split"],
    [["A"], "add a number after it"],
    [["Delete"], "delete"],
    [["R"], "restore a deleted one"],
    [["B"], "break the line before it"],
    [["L"], "join the next line"],
    [["F"], "mark to check"],
    [["U", "Ctrl+Z"], "undo"],
];

/** @type {KeyLine[]} */
export const CHECK_KEYS = [
    [["Enter"], "confirm and go on"],
    [["1", "2", "3"], "take a reading"],
    [["Space"], "type; Escape: back to the keys"],
    [["→", "N"], "go on without confirming"],
    [["←", "Shift+Enter"], "go back"],
    [["Delete"], "it is no number"],
    [["U", "Ctrl+Z"], "undo"],
    [["P"], "show it on its page"],
];

/** @type {KeyLine[]} */
export const GROUP_KEYS = [
    [["Arrow keys"], "to another image"],
    [["Space", "X"], "odd one out, or not"],
    [["0 – 9"], "type the digit that it is"],
    [["Backspace"], "take the mark back"],
    [["C", "Ctrl+Enter"], "confirm the rest"],
    [["[", "]"], "group before, next group"],
    [["U", "Ctrl+Z"], "undo"],
];

/**
 * Return keys as a list.
 *
 * @param {KeyLine[]} lines
 * @returns {HTMLElement}
 */
export function keyList(lines) {
    return element(
        "dl",
        { class: "key-list" },
        ...lines.flatMap(([keys, does]) => [
            element("dt", {}, ...keys.map((key) => element("kbd", {}, key))),
            element("dd", {}, does),
        ]),
    );
}

/**
 * Show the keys in a dialog.
 *
 * @param {KeyLine[]} lines
 */
export function openKeys(lines) {
    showDialog("Keys", "keys", keyList(lines));
}
