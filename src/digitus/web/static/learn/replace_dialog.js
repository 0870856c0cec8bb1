/** The question before a run that has trained for long makes way for another. */

import { element } from "../ui/element.js";

/** Asks whether the runs may be replaced. */
export class ReplaceDialog {
    constructor() {
        this.words = element("p");
        this.element = element(
            "dialog",
            { "aria-labelledby": "replace-title" },
            element(
                "form",
                { class: "stack", method: "dialog" },
                element("h2", { id: "replace-title" }, "Replace what was trained?"),
                this.words,
                element(
                    "div",
                    { class: "row" },
                    element("button", { value: "keep", class: "primary" }, "Keep it"),
                    element("button", { value: "replace" }, "Replace it"),
                ),
            ),
        );
    }

    /**
     * Ask.
     *
     * @param {number} seconds that the runs have trained
     * @returns {Promise<boolean>} whether they may be replaced
     */
    ask(seconds) {
        this.words.textContent =
            `The run has trained for ${Math.round(seconds)} seconds; the link that was opened ` +
            "begins another one, and this one cannot be rewound any more.";
        this.element.returnValue = "keep";
        this.element.showModal();
        return new Promise((resolve) =>
            this.element.addEventListener(
                "close",
                () => resolve(this.element.returnValue === "replace"),
                { once: true },
            ),
        );
    }
}
