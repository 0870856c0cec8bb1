/** The settings of a run in the page's link, such as "#learn?preset=s0&rate=0.5". */

import { DEFAULT_CONFIG } from "./config.js";
import { KEYS, SETTINGS, shorten } from "./config_check.js";
import { PRESETS } from "./presets.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */

/**
 * Return the settings as a part of the link: what differs from the preset, or from the default.
 *
 * @param {TrainingConfig} config
 * @returns {string} such as "#learn?preset=s0&hidden=30&rate=0.5&seed=3"
 */
export function configToLink(config) {
    const base = PRESETS[config.preset]?.config ?? DEFAULT_CONFIG;
    const parts = config.preset in PRESETS ? [`preset=${config.preset}`] : [];
    for (const key of KEYS) {
        const { name, write } = SETTINGS[key];
        const value = write(config[key]);
        if (value !== write(base[key])) parts.push(`${name}=${value}`);
    }
    return parts.length ? `#learn?${parts.join("&")}` : "#learn";
}

/**
 * Return the config of a link; whatever is unknown or out of range is left at its default.
 *
 * @param {string} link the part from "#" on, or what stands behind its "?"
 * @returns {{config: TrainingConfig, problems: string[]}} a sentence for each setting left out
 */
export function configOfLink(link) {
    const query = link.startsWith("#") ? link.split("?").slice(1).join("?") : link;
    const entries = query.split("&").filter(Boolean).map(readEntry);
    /** @type {string[]} */
    const problems = [];
    const preset = entries.findLast(([name]) => name === "preset")?.[1] ?? "";
    if (preset && !Object.hasOwn(PRESETS, preset)) {
        const known = Object.keys(PRESETS).join(", ");
        problems.push(
            `The link's preset "${shorten(preset)}" is unknown; expected one of ${known}.`,
        );
    }
    const base = Object.hasOwn(PRESETS, preset) ? PRESETS[preset].config : DEFAULT_CONFIG;
    /** @type {Record<string, any>} */
    const config = { ...base };
    for (const [name, text] of entries) {
        if (name === "preset") continue;
        const key = KEYS.find((known) => SETTINGS[known].name === name);
        if (!key) {
            problems.push(`The link's setting "${shorten(name)}" is unknown; it was left out.`);
            continue;
        }
        const { check, read, write } = SETTINGS[key];
        const value = read(text);
        const wanted = check(value);
        if (wanted) {
            problems.push(
                `The link's ${name} should be ${wanted}, not "${shorten(text)}"; ` +
                    `${write(base[key])} is used.`,
            );
        } else {
            config[key] = value;
        }
    }
    return { config: /** @type {TrainingConfig} */ (config), problems };
}

/**
 * @param {string} entry such as "rate=0.5"
 * @returns {[string, string]}
 */
function readEntry(entry) {
    const at = entry.indexOf("=");
    const [name, text] = at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
    return [decoded(name), decoded(text)];
}

/** @param {string} text perhaps with a "%" that begins no code */
function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
