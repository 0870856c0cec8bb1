/** Hand files to the user, and ask the user for files. */

import { element } from "../ui/element.js";

/**
 * Save bytes as a file.
 *
 * @param {Uint8Array} bytes
 * @param {string} name of the file
 * @param {string} type MIME type
 */
export function saveFile(bytes, name, type) {
    const url = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (bytes)], { type }));
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000); // the browser has opened it by then
}

/**
 * Make a hidden field for files.
 *
 * @param {{label: string, accept: string, multiple?: boolean}} options
 * @param {(files: File[]) => void} take
 * @returns {HTMLInputElement} `click()` asks the user
 */
export function fileField({ label, accept, multiple = false }, take) {
    const field = element("input", {
        type: "file",
        class: "visually-hidden",
        tabindex: -1,
        "aria-label": label,
        accept,
        multiple,
        onchange: () => {
            take([...(field.files ?? [])]);
            field.value = ""; // the same file can be chosen once more
        },
    });
    return field;
}
