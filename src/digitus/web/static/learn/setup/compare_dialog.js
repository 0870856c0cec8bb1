/** The dialog that begins a second run with one setting changed. */

import { DigitusError } from "../../errors.js";
import { CHANGEABLE } from "../../training/config_check.js";
import { element } from "../../ui/element.js";
import { countText } from "../../ui/numbers.js";
import { FIELDS, fieldControl, valueText } from "./fields.js";
import { changed } from "./settings_card.js";
import { suggestion } from "./suggestion.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("../workbench.js").Workbench} Workbench */

/** Asks for the setting, its value, and whether run B starts here or from the initial weights. */
export class CompareDialog {
    /** @param {Workbench} bench */
    constructor(bench) {
        this.bench = bench;
        this.setting = element("select", { id: "branch-setting", onchange: () => this.choose() });
        this.place = element("div", { class: "field" });
        this.problem = element("p", { class: "problem small", role: "alert" });
        this.help = element("p", { class: "small muted" });
        this.here = this.radio("here");
        this.anew = this.radio("anew");
        this.hereText = element("span");
        this.replaces = element("p", { class: "small" }, "It replaces the present run B.");
        this.value = fieldControl(FIELDS[0], "", { id: "branch-value" });
        this.element = this.layout();
    }

    /**
     * Make a choice of where run B starts.
     *
     * @param {string} value
     * @returns {HTMLInputElement}
     */
    radio(value) {
        const onchange = () => this.fill();
        return element("input", { type: "radio", name: "from", value, onchange });
    }

    /** @returns {HTMLDialogElement} the form in its dialog */
    layout() {
        return element(
            "dialog",
            { class: "branch-dialog", "aria-labelledby": "branch-title" },
            element(
                "form",
                {
                    class: "stack",
                    novalidate: true,
                    onsubmit: (/** @type {Event} */ event) => this.submit(event),
                },
                element("h2", { id: "branch-title" }, "A second run with one setting changed"),
                element(
                    "fieldset",
                    {},
                    element("legend", {}, "Run B starts"),
                    element("label", { class: "check" }, this.here, this.hereText),
                    element(
                        "label",
                        { class: "check" },
                        this.anew,
                        "from the same initial weights; run A restarts",
                    ),
                ),
                element(
                    "div",
                    { class: "fields" },
                    element(
                        "div",
                        { class: "field" },
                        element("label", { class: "label", for: "branch-setting" }, "Setting"),
                        this.setting,
                    ),
                    this.place,
                ),
                this.help,
                this.problem,
                this.replaces,
                element(
                    "div",
                    { class: "row" },
                    element("button", { class: "primary" }, "Start run B"),
                    element(
                        "button",
                        { type: "button", class: "quiet", onclick: () => this.element.close() },
                        "Cancel",
                    ),
                ),
            ),
        );
    }

    /** Pause, and ask. */
    open() {
        this.bench.pause();
        const images = this.bench.snapshot?.images ?? 0;
        this.hereText.textContent = `from here, with the weights after ${countText(images, "image")}`;
        this.replaces.hidden = this.bench.slots.length < 2;
        this.here.disabled = images === 0;
        this.here.checked = images > 0;
        this.anew.checked = images === 0;
        this.fill("rate");
        this.element.showModal();
    }

    /**
     * List the settings that can change: fewer if run B goes on from here.
     *
     * @param {string} [key] the setting that is chosen
     */
    fill(key = this.setting.value) {
        const fields = FIELDS.filter(
            (field) => !this.here.checked || CHANGEABLE.includes(field.key),
        );
        this.setting.replaceChildren(
            ...fields.map((field) => element("option", { value: field.key }, field.label)),
        );
        this.setting.value = fields.some((field) => field.key === key) ? key : "rate";
        this.choose();
    }

    /** Show the field of the chosen setting. */
    choose() {
        const field = this.field;
        this.value = fieldControl(field, suggestion(field, this.bench.config), {
            id: "branch-value",
        });
        this.place.replaceChildren(
            element(
                "label",
                { class: "label", for: "branch-value" },
                `Value in run B, now ${valueText(field, this.bench.config[field.key])}`,
            ),
            this.value,
        );
        this.help.textContent = field.help;
        this.problem.textContent = "";
    }

    /** @returns {Field} the chosen setting */
    get field() {
        return /** @type {Field} */ (FIELDS.find((field) => field.key === this.setting.value));
    }

    /**
     * Start run B, or say what is wrong with the value.
     *
     * @param {Event} event
     */
    submit(event) {
        event.preventDefault();
        const { bench, field } = this;
        try {
            const value = field.parse(this.value.value);
            if (field.show(value) === field.show(bench.config[field.key])) {
                throw new DigitusError("Run B would be the same as run A; choose another value.");
            }
            this.element.close();
            const changes = { [field.key]: value };
            if (this.here.checked) bench.branch(changes);
            else bench.compare(changed(bench.config, changes));
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            this.problem.textContent = error.message;
        }
    }
}
