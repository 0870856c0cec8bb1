/** Another value for a setting, to begin a comparison with. */

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/** @typedef {import("./fields.js").Field} Field */

/** Values that differ. @type {Partial<Record<keyof TrainingConfig, (value: any) => any>>} */
const OTHERS = {
    hidden: (widths) => (widths.length ? widths.map((/** @type {number} */ n) => n + 20) : [30]),
    seed: (seed) => (seed ? 0 : 1),
    rate: (rate) => rate / 10,
    batchSize: (size) => (size === 32 ? 8 : 32),
    l2: (l2) => (l2 ? 0 : 1),
    dropout: (share) => (share ? 0 : 0.2),
    nImages: (n) => (n === 500 ? 1000 : 500),
    epochs: (n) => (n > 5 ? 5 : 10),
    momentum: (share) => (share === 0.9 ? 0.5 : 0.9),
    shift: (px) => (px ? 0 : 4),
    trainShift: (px) => (px ? 0 : 4),
};

/**
 * Suggest the value of a setting in run B.
 *
 * @param {Field} field
 * @param {TrainingConfig} config of run A
 * @returns {string} a text that differs from that of run A
 */
export function suggestion(field, config) {
    const now = field.show(config[field.key]);
    if (field.options) {
        const values = field.options.map(([value]) => value);
        return values[(values.indexOf(now) + 1) % values.length];
    }
    const text = field.show(OTHERS[field.key]?.(config[field.key]) ?? config[field.key]);
    try {
        field.parse(text);
        return text;
    } catch {
        return now; // at the edge of its range
    }
}
