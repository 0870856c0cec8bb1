/** The reviewer's name, which other reviewers see; the browser keeps it. */

import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { NameDialog } from "./dialogs.js";

const STORED = "digitus.reviewer";
const LONGEST = 40;

/** The name, and the button that shows and changes it. */
export class Reviewer {
    constructor() {
        this.name = stored() ?? `Reviewer ${hexDigits(3)}`;
        this.shown = element("span", {}, this.name);
        this.dialog = new NameDialog({
            title: "Your name",
            label: "Others who check the same pages see it",
            longest: LONGEST,
        });
        this.element = element(
            "button",
            { type: "button", class: "quiet reviewer", onclick: () => this.ask() },
            icon("person"),
            element("span", { class: "visually-hidden" }, "Your name: "),
            this.shown,
        );
        store(this.name);
    }

    /** Ask for another name. */
    async ask() {
        const name = await this.dialog.ask(this.name);
        if (name === null) return;
        this.name = name;
        this.shown.textContent = name;
        store(name);
    }
}

/** @returns {string | null} */
function stored() {
    try {
        return localStorage.getItem(STORED);
    } catch {
        return null; // the browser keeps nothing; the name is new each time
    }
}

/** @param {string} name */
function store(name) {
    try {
        localStorage.setItem(STORED, name);
    } catch {
        // The name holds until the page is closed.
    }
}

/** @param {number} n @returns {string} such as "4F2" */
function hexDigits(n) {
    const bytes = crypto.getRandomValues(new Uint8Array(n));
    return [...bytes].map((byte) => (byte % 16).toString(16).toUpperCase()).join("");
}
