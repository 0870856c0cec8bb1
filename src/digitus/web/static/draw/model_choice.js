/** The choice of the model: those of the page, those in training, and files. */

import { DigitusError } from "../errors.js";
import { title } from "../models/architecture.js";
import { readModel } from "../models/safetensors.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { attempt } from "../ui/messages.js";
import { MODEL_FILES, fileDialog } from "./file_input.js";

/** @typedef {import("../session.js").Session} Session */
/** @typedef {import("../models/model.js").Model} Model */

/** Greatest size of a model file, in bytes: a hundred times that of the largest shipped one. */
const MOST_BYTES = 100 * 2 ** 20;

/** A menu of the session's models, a button to open a file, and what the model in use can do. */
export class ModelChoice {
    /** @param {Session} session */
    constructor(session) {
        this.session = session;
        this.menu = element("select", {
            id: "draw-model",
            onchange: () => session.useModel(this.menu.value),
        });
        const dialog = fileDialog({ label: "Model file", accept: MODEL_FILES }, (file) =>
            this.open(file),
        );
        const open = element(
            "button",
            { type: "button", title: "Open a model file", onclick: dialog.ask },
            icon("open"),
            "Open a file…",
        );
        this.note = element("p", { class: "small muted model-note" });
        this.element = element(
            "div",
            { class: "card model-card" },
            element("label", { for: "draw-model" }, "Model"),
            this.menu,
            open,
            dialog.input,
            this.note,
        );
        session.addEventListener("models", () => this.show());
        session.addEventListener("model", () => this.show());
        this.show();
    }

    /**
     * Add the model in a file to the session and use it; a bad file changes nothing.
     *
     * @param {File} file
     */
    async open(file) {
        await attempt(async () => {
            if (file.size > MOST_BYTES) {
                throw new DigitusError(
                    `${file.name}: a model file has at most 100 MB, this has ` +
                        `${Math.round(file.size / 2 ** 20)}; choose another file.`,
                );
            }
            const model = readModel(await file.arrayBuffer(), file.name);
            this.session.addModel(model);
            this.session.useModel(model.name);
        });
    }

    /** Show the models, the one in use chosen, and what it can do. */
    show() {
        const { models, model } = this.session;
        const names = [...models.keys()];
        const shown = [...this.menu.options].map((option) => option.value);
        if (names.join("\n") !== shown.join("\n")) {
            const options = names.map((name) => element("option", { value: name }, name));
            this.menu.replaceChildren(...options);
        }
        this.menu.disabled = names.length === 0;
        if (model) this.menu.value = model.name;
        const note = model ? noteOf(model) : "No model is there yet.";
        if (this.note.textContent !== note) this.note.textContent = note;
    }
}

/**
 * Return what a model is and what it declines.
 *
 * @param {Model} model
 * @returns {string}
 */
function noteOf(model) {
    const declines = model.digitThreshold
        ? "It also declines what is no digit."
        : "It takes every drawing for a digit and declines nothing but blanks.";
    return `${title(model.network)}. ${declines}`;
}
