/** The link of the room: settings of run A, of run B, and the experiment. */

import { configOfLink, configToLink } from "../../training/config_link.js";
import { EXPERIMENTS } from "../../training/experiments.js";

/** @typedef {import("../../training/config.js").TrainingConfig} TrainingConfig */
/**
 * @typedef {object} LinkState
 * @property {TrainingConfig} config of run A
 * @property {TrainingConfig | null} versus of run B
 * @property {string | null} experiment id of the experiment
 * @property {string[]} problems a sentence for each part that was left out
 */

const ROOM = "#learn";
const OF_B = "b.";

/**
 * Return the link of an experiment.
 *
 * @param {string} id
 * @returns {string}
 */
export function linkOf(id) {
    return `${ROOM}?experiment=${id}`;
}

/**
 * Return the link of two configs: the settings of run B carry "b." before their names.
 *
 * @param {TrainingConfig} config
 * @param {TrainingConfig | null} versus
 * @param {string | null} experiment if the configs are its own
 * @returns {string}
 */
export function linkTo(config, versus, experiment) {
    if (experiment) return linkOf(experiment);
    const parts = settingsOf(configToLink(config));
    // Written even if run B has the default settings, so that the link names it.
    if (versus)
        parts.push(
            ...settingsOf(configToLink(versus)).map((part) => OF_B + part),
            `${OF_B}seed=${versus.seed}`,
        );
    const query = [...new Set(parts)].join("&");
    return query ? `${ROOM}?${query}` : ROOM;
}

/**
 * Read a link; what is unknown or out of range is left out, with a sentence.
 *
 * @param {string} hash such as "#learn?hidden=30&rate=3&b.hidden=30"
 * @returns {LinkState}
 */
export function readLink(hash) {
    const parts = settingsOf(hash);
    const name = parts.find((part) => part.startsWith("experiment="))?.slice("experiment=".length);
    const experiment = EXPERIMENTS.find(({ id }) => id === name);
    if (experiment) {
        const { config, versus } = experiment;
        return { config, versus: versus ?? null, experiment: experiment.id, problems: [] };
    }
    const settings = parts.filter((part) => !part.startsWith("experiment="));
    const own = configOfLink(settings.filter((part) => !part.startsWith(OF_B)).join("&"));
    const ofB = settings
        .filter((part) => part.startsWith(OF_B))
        .map((part) => part.slice(OF_B.length));
    const other = ofB.length ? configOfLink(ofB.join("&")) : null;
    const problems = [...own.problems, ...(other?.problems ?? [])];
    if (name !== undefined)
        problems.unshift(
            `The link's experiment "${name.slice(0, 40)}" is unknown; choose one above.`,
        );
    return { config: own.config, versus: other?.config ?? null, experiment: null, problems };
}

/**
 * Split a link into its settings.
 *
 * @param {string} hash
 * @returns {string[]} such as ["hidden=30", "rate=3"]
 */
function settingsOf(hash) {
    return hash.split("?").slice(1).join("?").split("&").filter(Boolean);
}
