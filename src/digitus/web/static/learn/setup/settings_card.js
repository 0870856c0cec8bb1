/** The card of settings: fields in three groups, each explained while it is used. */

import { DigitusError } from "../../errors.js";
import { CLASSES, PIXELS } from "../../sizes.js";
import { PRESETS } from "../../training/presets.js";
import { element } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { countText } from "../../ui/numbers.js";
import { FIELDS, differences, fieldControl, setControl, valueText } from "./fields.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {{control: HTMLInputElement | HTMLSelectElement, problem: HTMLElement}} Part */
/** @typedef {import("../workbench.js").Workbench} Workbench */

const GROUPS = /** @type {const} */ ([
    ["network", "Network"],
    ["learning", "Learning"],
    ["data", "Images"],
    ["more", "More"],
]);

/** The form of run A's settings; a run that has not begun takes each change at once. */
export class SettingsCard {
    /** @param {Workbench} bench */
    constructor(bench) {
        this.bench = bench;
        /** @type {Map<string, Part>} */
        this.parts = new Map();
        this.preset = this.presetChoice();
        this.note = element("p", { class: "small muted", hidden: true });
        this.apply = this.applyPart();
        this.heading = element("span", { class: "small muted summary-line" });
        this.element = this.layout();
        this.show(bench.config);
    }

    /** @returns {HTMLSelectElement} the presets by name */
    presetChoice() {
        return element(
            "select",
            {
                id: "setting-preset",
                "aria-describedby": "help-preset",
                onchange: () => this.usePreset(),
            },
            element("option", { value: "" }, "none: my own settings"),
            ...Object.entries(PRESETS).map(([name, preset]) =>
                element("option", { value: name }, `${name.toUpperCase()}: ${preset.title}`),
            ),
        );
    }

    /** @returns {HTMLElement} what can be done with settings that the run has not */
    applyPart() {
        return element(
            "div",
            { class: "apply", hidden: true },
            element("p", { class: "small" }, "This run started with other settings."),
            element(
                "div",
                { class: "row" },
                element(
                    "button",
                    { class: "primary", onclick: () => this.restart() },
                    "Restart with these",
                ),
                element(
                    "button",
                    { onclick: () => this.compare() },
                    icon("branch"),
                    "Compare as run B",
                ),
                element(
                    "button",
                    { class: "quiet", onclick: () => this.show(this.bench.config) },
                    "Discard",
                ),
            ),
        );
    }

    /** @returns {HTMLDetailsElement} the form */
    layout() {
        return element(
            "details",
            { class: "card learn-settings", open: !matchMedia("(max-width: 999px)").matches },
            element("summary", {}, element("h2", {}, "Settings"), this.heading),
            element(
                "form",
                {
                    class: "stack",
                    onsubmit: (/** @type {Event} */ event) => this.submit(event),
                    novalidate: true,
                },
                this.field(
                    "preset",
                    "Preset",
                    this.preset,
                    "The networks of five well-known small projects, or your own.",
                ),
                this.note,
                ...GROUPS.map(([group, title]) => this.group(group, title)),
                this.apply,
                element(
                    "button",
                    { class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" },
                    "Use",
                ),
            ),
        );
    }

    /**
     * Make a group of fields; "More" is closed at first.
     *
     * @param {Field["group"]} group
     * @param {string} title
     */
    group(group, title) {
        const fields = FIELDS.filter((field) => field.group === group).map((field) =>
            this.fieldOf(field),
        );
        const grid = element("div", { class: "fields" }, ...fields);
        if (group === "more") {
            return element(
                "details",
                { class: "more" },
                element("summary", { class: "small" }, title),
                grid,
            );
        }
        return element("fieldset", {}, element("legend", {}, title), grid);
    }

    /**
     * Make the part of the form for a field.
     *
     * @param {Field} field
     */
    fieldOf(field) {
        const id = `setting-${field.key}`;
        const control = fieldControl(field, "", {
            id,
            "aria-describedby": `help-${field.key} problem-${field.key}`,
            onchange: () => this.changed(field),
            oninput: () => this.check(field),
        });
        const problem = element("span", {
            id: `problem-${field.key}`,
            class: "problem small",
            role: "alert",
        });
        this.parts.set(field.key, { control, problem });
        return this.field(field.key, field.label, control, field.help, {
            isWide: field.isWide,
            problem,
        });
    }

    /**
     * Make a control with its label and its explanation.
     *
     * @param {string} key
     * @param {string} label
     * @param {HTMLElement} control
     * @param {string} help
     * @param {{isWide?: boolean, problem?: HTMLElement}} [options]
     */
    field(key, label, control, help, { isWide = key === "preset", problem } = {}) {
        return element(
            "div",
            { class: isWide ? "field wide" : "field" },
            element("label", { class: "label", for: control.id, title: help }, label),
            control,
            element("span", { id: `help-${key}`, class: "help small" }, help),
            problem,
        );
    }

    /**
     * Fill the form.
     *
     * @param {TrainingConfig} config
     */
    show(config) {
        for (const field of FIELDS) {
            const { control, problem } = this.part(field);
            setControl(control, field, field.show(config[field.key]));
            control.removeAttribute("aria-invalid");
            problem.textContent = "";
        }
        this.preset.value = config.preset;
        const preset = PRESETS[config.preset];
        const isChanged = preset && differences(config, preset.config).length > 0;
        const note = [isChanged ? `Changed from ${config.preset.toUpperCase()}.` : "", preset?.note]
            .filter(Boolean)
            .join(" ");
        this.note.textContent = note;
        this.note.hidden = !note;
        this.heading.textContent = summaryOf(config);
        this.apply.hidden = true;
        this.tell();
    }

    /**
     * Return the part of the form for a field.
     *
     * @param {Field} field
     */
    part(field) {
        return /** @type {Part} */ (this.parts.get(field.key));
    }

    /**
     * Return the value of a field; without one, a sentence stands beside it.
     *
     * @param {Field} field
     * @returns {{value: any} | null}
     */
    check(field) {
        const { control, problem } = this.part(field);
        try {
            const value = field.parse(control.value);
            control.removeAttribute("aria-invalid");
            problem.textContent = "";
            this.tell();
            return { value };
        } catch (error) {
            if (!(error instanceof DigitusError)) throw error;
            control.setAttribute("aria-invalid", "true");
            problem.textContent = error.message;
            this.tell();
            return null;
        }
    }

    /** Tell the workbench which settings are typed wrong: it must not train with others. */
    tell() {
        const wrong = FIELDS.filter((field) => this.part(field).problem.textContent !== "");
        const labels = wrong.map(({ label }) => label);
        if (labels.join() === this.bench.wrongSettings.join()) return;
        this.bench.wrongSettings = labels;
        this.bench.soon();
    }

    /**
     * Read the whole form.
     *
     * @returns {TrainingConfig | null} the settings in the form; null if one is no value
     */
    read() {
        const { config } = this.bench;
        /** @type {Record<string, any>} */
        const changes = {};
        let isWhole = true;
        for (const field of FIELDS) {
            const checked = this.check(field);
            if (!checked) isWhole = false;
            else if (field.show(checked.value) !== field.show(config[field.key]))
                changes[field.key] = checked.value;
        }
        return isWhole ? changed(config, changes) : null;
    }

    /**
     * Take a change: at once by a run that has not begun, else offer what to do.
     *
     * @param {Field} field
     */
    changed(field) {
        if (!this.check(field)) return;
        const config = this.read();
        if (!config) return;
        const isSame = differences(config, this.bench.config).length === 0;
        if (this.bench.hasBegun) this.apply.hidden = isSame;
        else if (!isSame) this.bench.restart(config);
    }

    /** Restart with the settings of the chosen preset. */
    usePreset() {
        const preset = PRESETS[this.preset.value];
        this.bench.restart(preset ? preset.config : { ...this.bench.config, preset: "" });
    }

    /** Restart with the settings in the form. */
    restart() {
        const config = this.read();
        if (config) this.bench.restart(config);
    }

    /** Run the settings in the form as run B. */
    compare() {
        const config = this.read();
        if (!config) return;
        const current = this.bench.config;
        this.show(current);
        this.bench.compare(config);
    }

    /**
     * Restart with the settings when Enter is pressed.
     *
     * @param {Event} event
     */
    submit(event) {
        event.preventDefault();
        const config = this.read();
        if (config && differences(config, this.bench.config).length) this.bench.restart(config);
    }
}

/**
 * Return a config with changes; a rate that is typed ends the stages of a preset.
 *
 * @param {TrainingConfig} config
 * @param {Partial<TrainingConfig>} changes
 * @returns {TrainingConfig}
 */
export function changed(config, changes) {
    if (!Object.keys(changes).length) return config;
    const stages = changes.rate === undefined ? config.stages : null;
    return { ...config, ...changes, stages };
}

/**
 * Return the most important settings in a line.
 *
 * @param {TrainingConfig} config
 * @returns {string} such as "784-128-64-10 · ReLU · Adam 0.001 · batch 128"
 */
export function summaryOf(config) {
    const text = (/** @type {string} */ key) => {
        const field = /** @type {Field} */ (FIELDS.find((one) => one.key === key));
        return valueText(field, config[field.key]);
    };
    return [
        [PIXELS, ...config.hidden, CLASSES].join("-"),
        config.hidden.length ? text("activation") : null,
        `${text("optimizer")} ${text("rate")}`,
        `batch ${text("batchSize")}`,
        config.nImages === null ? "all images" : countText(config.nImages, "image"),
    ]
        .filter(Boolean)
        .join(" · ");
}
