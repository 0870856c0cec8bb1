/** Files from outside: dropped anywhere on the page, pasted, chosen, or photographed. */

import { element } from "../ui/element.js";

/** What the dialog offers first; every other file is answered with a sentence. */
export const IMAGE_FILES = "image/*";
export const MODEL_FILES = ".safetensors";

/**
 * Return a hidden file input and a function that opens its dialog.
 *
 * @param {{label: string, accept: string, capture?: "environment"}} options name for screen
 *     readers; kinds of files; whether a phone opens its camera
 * @param {(file: File) => void} onfile
 * @returns {{input: HTMLInputElement, ask: () => void}}
 */
export function fileDialog({ label, accept, capture }, onfile) {
    const input = element("input", {
        type: "file",
        "aria-label": label,
        accept,
        capture,
        hidden: true,
        onchange: () => {
            const [file] = input.files ?? [];
            input.value = ""; // so that the same file can be chosen again
            if (file) onfile(file);
        },
    });
    return { input, ask: () => input.click() };
}

/**
 * Take files that are dropped anywhere on the page, unless another part of it has taken them.
 *
 * @param {(file: File) => void} onfile called for the first file
 */
export function listenToDrops(onfile) {
    const mark = document.documentElement.classList;
    /** @param {DragEvent} event */
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
    addEventListener("dragover", (event) => {
        if (event.defaultPrevented || !hasFiles(event)) return;
        event.preventDefault();
        mark.add("dropping");
    });
    addEventListener("dragleave", (event) => {
        if (event.relatedTarget === null) mark.remove("dropping");
    });
    addEventListener("drop", (event) => {
        mark.remove("dropping");
        if (event.defaultPrevented || !hasFiles(event)) return;
        event.preventDefault(); // otherwise the browser leaves the page for the file
        const [file] = event.dataTransfer?.files ?? [];
        if (file) onfile(file);
    });
}

/**
 * Take a pasted file, unless something is pasted into a field.
 *
 * @param {(file: File) => void} onfile
 * @param {() => void} onnothing called where the clipboard holds no file
 */
export function listenToPastes(onfile, onnothing) {
    addEventListener("paste", (event) => {
        if (event.defaultPrevented || isField(event.target)) return;
        const [file] = event.clipboardData?.files ?? [];
        if (file) onfile(file);
        else onnothing();
    });
}

/**
 * Return whether keys and pasted text belong to a field of the page.
 *
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
export function isField(target) {
    return target instanceof Element && target.matches("input:not([type=range]), textarea, select");
}
