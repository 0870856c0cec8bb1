/** Icons as lines in the color of the text, on a grid of 24; the same as in the desktop window. */

import { svg } from "./element.js";

/** @type {Record<string, string>} */
const SHAPES = {
    undo: "M9 5L4 10L9 15M4 10L14 10C17.5 10 20 12.2 20 15C20 17.8 17.5 20 14 20L10 20",
    redo: "M15 5L20 10L15 15M20 10L10 10C6.5 10 4 12.2 4 15C4 17.8 6.5 20 10 20L14 20",
    clear: "M4 7L20 7M9 7L9 4L15 4L15 7M6 7L7 20L17 20L18 7M10 11L10 16M14 11L14 16",
    save: "M12 4L12 15M7 10.5L12 15.5L17 10.5M4 16L4 20L20 20L20 16",
    open: "M3.5 19L3.5 5L9 5L11 7.5L20.5 7.5L20.5 19L3.5 19",
    image:
        "M4 5L20 5L20 19L4 19L4 5M4 16L9 11L13 15L15.5 12.5L20 17" +
        "M14.8 9.2A1.2 1.2 0 1 0 17.2 9.2A1.2 1.2 0 1 0 14.8 9.2",
    camera:
        "M4 8L8 8L9.5 5.5L14.5 5.5L16 8L20 8L20 19L4 19L4 8" +
        "M12 16.5A3.5 3.5 0 1 0 12 9.5A3.5 3.5 0 1 0 12 16.5",
    play: "M8 5L19 12L8 19L8 5",
    pause: "M9 5L9 19M15 5L15 19",
    step: "M6 5L15 12L6 19L6 5M18.5 5L18.5 19",
    epoch: "M4 6L11 12L4 18L4 6M11 6L18 12L11 18L11 6M20.5 6L20.5 18",
    restart: "M5 12A7 7 0 1 0 8 6.3M8 2.5L8 6.5L12 6.5",
    branch: "M7 4L7 20M7 14C7 9 17 12 17 5M14.5 7L17 4.5L19.5 7",
    close: "M6 6L18 18M18 6L6 18",
    check: "M4.5 12.5L10 18L19.5 7",
    plus: "M12 5L12 19M5 12L19 12",
    minus: "M5 12L19 12",
    fit: "M4 9L4 4L9 4M15 4L20 4L20 9M20 15L20 20L15 20M9 20L4 20L4 15",
    back: "M14.5 5L7.5 12L14.5 19",
    next: "M9.5 5L16.5 12L9.5 19",
    pencil: "M4 20L5 15.5L16 4.5L19.5 8L8.5 19L4 20M13.5 7L17 10.5",
    person:
        "M4.5 20C5 15.5 8 13.5 12 13.5C16 13.5 19 15.5 19.5 20" +
        "M12 11A3.5 3.5 0 1 0 12 4A3.5 3.5 0 1 0 12 11",
    upload: "M12 16L12 5M7 9.5L12 4.5L17 9.5M4 16L4 20L20 20L20 16",
    pages: "M8 8L8 4L20 4L20 16L16 16M4 8L16 8L16 20L4 20L4 8M7.5 12L12.5 12M7.5 16L12.5 16",
    groups: "M4 4L10 4L10 10L4 10L4 4M14 4L20 4L20 10L14 10L14 4M4 14L10 14L10 20L4 20L4 14M14 14L20 14L20 20L14 20L14 14",
    flag: "M6 21L6 4M6 4L18 4L15 8.5L18 13L6 13",
    join: "M3 12L9 12M6 9L9 12L6 15M21 12L15 12M18 9L15 12L18 15M12 5L12 19",
    split: "M10 12L3 12M6 9L3 12L6 15M14 12L21 12M18 9L21 12L18 15M12 5L12 8M12 11L12 13M12 16L12 19",
    lineBreak: "M20 5L20 11C20 13 19 14 17 14L5 14M9 10L5 14L9 18",
    lineJoin: "M4 19L4 13C4 11 5 10 7 10L19 10M15 6L19 10L15 14",
    box: "M4 8L4 4L8 4M16 4L20 4L20 8M20 16L20 20L16 20M8 20L4 20L4 16M12 8.5L12 15.5M8.5 12L15.5 12",
    keys: "M3 7L21 7L21 18L3 18L3 7M7 11L7 11.5M11 11L11 11.5M15 11L15 11.5M8 14.5L16 14.5M18 11L18 11.5",
    link:
        "M10 14A4 4 0 0 1 10 8.5L13 5.5A4 4 0 0 1 18.5 11L17 12.5" +
        "M14 10A4 4 0 0 1 14 15.5L11 18.5A4 4 0 0 1 5.5 13L7 11.5",
};

/**
 * Return an icon; the button that holds it carries the name for screen readers.
 *
 * @param {string} name one of `SHAPES`
 * @returns {SVGSVGElement}
 */
export function icon(name) {
    const path = svg("path", { d: SHAPES[name] });
    return svg("svg", { class: "line-icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, path);
}
