/** Where pages come in: dropped on it, chosen, or photographed. */

import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";

/** What the dialog offers first; the server answers every other file with a sentence. */
const PAGE_FILES = "image/*,application/pdf,.pdf,.tif,.tiff,.heic,.heif";

/**
 * Make a hidden field for files.
 *
 * @param {{label: string, accept: string, capture?: "environment"}} options
 * @param {(files: File[]) => void} take
 * @returns {HTMLInputElement}
 */
function pagesField({ label, accept, capture }, take) {
    const field = element("input", {
        type: "file",
        "aria-label": label,
        accept,
        capture,
        multiple: !capture,
        hidden: true,
        onchange: () => {
            const files = [...(field.files ?? [])];
            field.value = ""; // so that the same files can be chosen again
            if (files.length) take(files);
        },
    });
    return field;
}

/**
 * Return the buttons that ask for files and open a phone's camera, with their hidden fields.
 *
 * @param {(files: File[]) => void} take
 * @param {{primary?: boolean}} [options]
 * @returns {HTMLElement[]}
 */
export function fileButtons(take, { primary = false } = {}) {
    const files = pagesField({ label: "Page files", accept: PAGE_FILES }, take);
    const photo = pagesField(
        { label: "Photograph of a page", accept: "image/*", capture: "environment" },
        take,
    );
    /** @type {[string, string, string, HTMLInputElement][]} */
    const kinds = [
        ["upload", primary ? "Choose files" : "Add pages", primary ? "primary" : "", files],
        ["camera", primary ? "Take a photo" : "Photo", "only-touch", photo],
    ];
    return kinds.flatMap(([image, text, kind, field]) => [
        element(
            "button",
            { type: "button", class: kind, onclick: () => field.click() },
            icon(image),
            text,
        ),
        field,
    ]);
}

/**
 * Make the place that files are dropped on; the whole room takes them, too.
 *
 * @param {(files: File[]) => void} take
 * @returns {HTMLElement}
 */
export function dropZone(take) {
    return element(
        "div",
        { class: "drop-zone" },
        icon("pages"),
        element("p", { class: "drop-title" }, "Drop pages here"),
        element(
            "p",
            { class: "muted" },
            "Photos, scans, PDFs and TIFFs with several pages; many at once.",
        ),
        element("div", { class: "row" }, ...fileButtons(take, { primary: true })),
    );
}

/**
 * Take files that are dropped or pasted anywhere on the page while the room is shown.
 *
 * @param {() => boolean} isShown
 * @param {(files: File[]) => void} take
 */
export function takeDropsAndPastes(isShown, take) {
    // Before the room Draw, which would open the first one as a digit.
    addEventListener(
        "drop",
        (event) => {
            const files = [...(event.dataTransfer?.files ?? [])];
            if (!isShown() || !files.length) return;
            event.preventDefault();
            take(files);
        },
        { capture: true },
    );
    addEventListener(
        "paste",
        (event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (!isShown() || !files.length) return;
            event.preventDefault();
            take(files);
        },
        { capture: true },
    );
}
