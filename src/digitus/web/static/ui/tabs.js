/** Tabs as segments: arrow keys, Home and End move, the chosen room's panel is shown. */

import { element } from "./element.js";

/**
 * @typedef {object} Room
 * @property {string} name as in the link, such as "draw"
 * @property {string} title as shown
 * @property {HTMLElement} panel
 * @property {boolean} [isAway] has no tab until `reveal` is called
 */

/**
 * Make the tabs of some panels (the pattern "tabs" of the ARIA Authoring Practices Guide).
 *
 * @param {Room[]} rooms
 * @param {(name: string) => void} onchange called with the name of the room that was chosen
 * @returns {{list: HTMLElement, choose: (name: string) => void, reveal: (name: string) => void}}
 */
export function tabs(rooms, onchange) {
    const buttons = rooms.map(({ name, title, panel, isAway = false }) => {
        panel.id = `room-${name}`;
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", `tab-${name}`);
        return element(
            "button",
            {
                id: `tab-${name}`,
                role: "tab",
                "aria-controls": panel.id,
                hidden: isAway,
                onclick: () => choose(name),
            },
            title,
        );
    });
    const attributes = { class: "segments", role: "tablist", onkeydown: move };
    const list = element("div", attributes, ...buttons);

    /** @param {string} name */
    function choose(name) {
        rooms.forEach((room, i) => {
            const chosen = room.name === name;
            room.panel.hidden = !chosen;
            buttons[i].setAttribute("aria-selected", String(chosen));
            buttons[i].tabIndex = chosen ? 0 : -1;
        });
        onchange(name);
    }

    /** @param {string} name of a room that was away */
    function reveal(name) {
        buttons[rooms.findIndex((room) => room.name === name)].hidden = false;
    }

    /** @param {KeyboardEvent} event */
    function move(event) {
        const shown = buttons.filter((button) => !button.hidden);
        const last = shown.length - 1;
        const now = shown.findIndex((button) => button === document.activeElement);
        /** @type {Record<string, number>} */
        const targets = {
            ArrowLeft: now > 0 ? now - 1 : last,
            ArrowRight: now < last ? now + 1 : 0,
            Home: 0,
            End: last,
        };
        const next = targets[event.key];
        if (next === undefined) return;
        event.preventDefault();
        shown[next].focus();
        choose(rooms[buttons.indexOf(shown[next])].name);
    }

    return { list, choose, reveal };
}
