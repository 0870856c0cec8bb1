/** Start the page: its rooms, the shipped models, and the room that the link names. */

import { mountDraw } from "./draw/draw.js";
import { mountInside } from "./inside/inside.js";
import { mountLearn } from "./learn/learn.js";
import { readModel } from "./models/safetensors.js";
import { mountRead } from "./read/read.js";
import { modelBytes, resourceList } from "./resources.js";
import { Session } from "./session.js";
import { PIXELS } from "./sizes.js";
import { attempt } from "./ui/messages.js";
import { tabs } from "./ui/tabs.js";

/** @typedef {import("./ui/tabs.js").Room & {visible: (shown: boolean) => void}} Room */

const session = new Session();
/** @type {Room[]} */
const rooms = [
    { name: "draw", title: "Draw", ...mountDraw(session) },
    { name: "inside", title: "Inside", ...mountInside(session) },
    { name: "learn", title: "Learn", ...mountLearn(session) },
];
const read = mountRead(); // null in the page as one file
if (read) rooms.push({ name: "read", title: "Read", isAway: true, ...read });

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const bar = tabs(rooms, (name) => {
    if (roomOfLink() !== name) history.replaceState(null, "", `#${name}`);
    for (const room of rooms) room.visible(room.name === name);
});
document.getElementById("tabs")?.append(bar.list);
main.append(...rooms.map((room) => room.panel));

/** Return the room that the link names: "#learn?hidden=30" names "learn". */
function roomOfLink() {
    const name = location.hash.slice(1).split("?")[0];
    return rooms.some((room) => room.name === name && !room.isAway) ? name : "draw";
}

addEventListener("hashchange", () => bar.choose(roomOfLink()));
bar.choose(roomOfLink());

/** Show the tab of the room Read where a server reads pages. */
async function offerRead() {
    const room = rooms.find(({ name }) => name === "read");
    if (!room || !(await resourceList()).review) return;
    room.isAway = false;
    bar.reveal(room.name);
    bar.choose(roomOfLink());
}

/** Load the models one after the other; the first is used as soon as it is there. */
async function loadModels() {
    for (const entry of (await resourceList()).models) {
        await attempt(async () => {
            const model = readModel(await modelBytes(entry), `${entry.name}.safetensors`);
            session.addModel(model);
            if (!session.model) session.useModel(model.name);
        });
    }
}

/** Passes of a model after which the browser has compiled most of what it runs. */
const WARM_UP_PASSES = 3;

/** Let the browser compile the models' code, so that the first drawing is answered at once. */
function warmUp() {
    for (const model of session.models.values()) {
        for (let pass = 0; pass < WARM_UP_PASSES; pass++) model.classify(new Float32Array(PIXELS));
    }
}

attempt(offerRead);
attempt(loadModels).then(() => {
    if (!session.model) session.dispatchEvent(new Event("model")); // none could be loaded
    document.documentElement.dataset.ready = "true"; // what tests and scripts wait for
    setTimeout(warmUp);
});
