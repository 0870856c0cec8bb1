/** The link of the room Read: which batch is open, in which view, at which page or group. */

/** @typedef {import("./api.js").GroupedBy} GroupedBy */
/** @typedef {"pages" | "check" | "groups"} ViewName */
/**
 * @typedef {object} Place
 * @property {number | null} batch null for the list of batches
 * @property {ViewName} view
 * @property {number | null} page of the view "pages"
 * @property {GroupedBy} by of the view "groups"
 * @property {string | null} key of the group
 */

const ROOM = "#read";
/** @type {Place} */
const START = { batch: null, view: "pages", page: null, by: "digit", key: null };

/**
 * Return the place that a link names.
 *
 * @param {string} hash such as "#read?batch=3&view=groups&by=digit&key=7"
 * @returns {Place | null} null for the link of another room
 */
export function placeOf(hash) {
    const [room, query = ""] = hash.split("?");
    if (room !== ROOM) return null;
    const words = new URLSearchParams(query);
    const view = words.get("view");
    const by = words.get("by");
    return {
        batch: numberOf(words.get("batch")),
        view: view === "check" || view === "groups" ? view : "pages",
        page: numberOf(words.get("page")),
        by: by === "text" || by === "length" ? by : "digit",
        key: words.get("key"),
    };
}

/**
 * Return the link of a place; what is as in `START` is left out.
 *
 * @param {Partial<Place>} place
 * @returns {string}
 */
export function linkOf(place) {
    const words = new URLSearchParams();
    for (const name of /** @type {(keyof Place)[]} */ (["batch", "view", "page", "by", "key"])) {
        const value = place[name];
        if (value !== null && value !== undefined && value !== START[name]) {
            words.set(name, String(value));
        }
    }
    return words.size ? `${ROOM}?${words}` : ROOM;
}

/**
 * @param {string | null} text
 * @returns {number | null} null for anything but a whole number
 */
function numberOf(text) {
    return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
