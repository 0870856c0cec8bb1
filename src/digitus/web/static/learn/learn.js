/** The room Learn: a network is trained before one's eyes. */

import { DigitusError } from "../errors.js";
import { readModel } from "../models/safetensors.js";
import { DEFAULT_CONFIG } from "../training/config.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { attempt, say } from "../ui/messages.js";
import { countText } from "../ui/numbers.js";
import { fileField } from "./files.js";
import { OwnDrawings } from "./own_drawings.js";
import { ReplaceDialog } from "./replace_dialog.js";
import { RewindBar } from "./rewind.js";
import { CompareDialog } from "./setup/compare_dialog.js";
import { ExperimentsStrip } from "./setup/experiments_strip.js";
import { linkTo, readLink } from "./setup/link.js";
import { LinkDialog, isPrivate } from "./setup/link_dialog.js";
import { SettingsCard } from "./setup/settings_card.js";
import { Sketch } from "./sketch.js";
import { Transport } from "./transport.js";
import { CurvesCard } from "./views/curves.js";
import { RunColumn } from "./views/run_column.js";
import { Workbench } from "./workbench.js";

/** @typedef {import("../session.js").Session} Session */

/** Seconds of training that are not thrown away without a question. */
const LONG_S = 15;

/**
 * Make the room.
 *
 * @param {Session} session
 * @returns {{panel: HTMLElement, visible: (shown: boolean) => void}}
 */
export function mountLearn(session) {
    const room = new LearnRoom(session);
    return { panel: room.panel, visible: (shown) => room.visible(shown) };
}

/** Connects the workbench, its cards and the link. */
class LearnRoom {
    /** @param {Session} session */
    constructor(session) {
        this.bench = new Workbench(session);
        this.isVisible = false;
        /** @type {string | null} the link that was read or written last */
        this.link = null;
        this.strip = new ExperimentsStrip(this.bench, () => this.bench.begin(DEFAULT_CONFIG));
        this.intro = element(
            "p",
            { class: "learn-intro" },
            "Press Start, and draw while it learns. Then rewind, and change one setting.",
        );
        this.settings = new SettingsCard(this.bench);
        this.transport = new Transport(this.bench);
        this.curves = new CurvesCard(this.bench);
        this.dialog = new CompareDialog(this.bench);
        this.linkDialog = new LinkDialog();
        this.replaceDialog = new ReplaceDialog();
        this.rewind = new RewindBar(this.bench, () => this.dialog.open());
        this.own = new OwnDrawings(this.bench);
        this.sketch = new Sketch(this.bench, this.own);
        this.columns = [new RunColumn(this.bench, "A"), new RunColumn(this.bench, "B")];
        this.choice = element(
            "div",
            { class: "segments run-choice", role: "group", "aria-label": "Run that is shown" },
            .../** @type {const} */ (["A", "B"]).map((letter) =>
                element(
                    "button",
                    { "aria-pressed": letter === "A", onclick: () => this.show(letter) },
                    `Run ${letter}`,
                ),
            ),
        );
        this.runs = element("div", { class: "runs" });
        this.openField = fileField({ label: "Model file", accept: ".safetensors" }, (files) =>
            files.forEach((file) => this.openModel(file)),
        );
        this.curves.element.append(this.rewind.element);
        this.panel = this.layout();
        this.listen();
    }

    /**
     * Put the cards in their order.
     *
     * @returns {HTMLElement}
     */
    layout() {
        const copy = element(
            "button",
            { class: "quiet", onclick: () => this.copyLink() },
            icon("link"),
            element("span", { class: "text" }, "Copy link"),
        );
        const open = element(
            "button",
            { class: "quiet", onclick: () => this.openField.click() },
            icon("open"),
            element("span", { class: "text" }, "Open network"),
        );
        return element(
            "section",
            { class: "learn" },
            element(
                "div",
                { class: "learn-head" },
                element("h2", { class: "learn-title" }, "Watch a network learn"),
                element("div", { class: "row" }, open, copy, this.openField),
                this.intro,
            ),
            this.strip.element,
            element(
                "div",
                { class: "learn-side" },
                this.sketch.element,
                this.settings.element,
                this.own.element,
            ),
            element(
                "div",
                { class: "learn-main" },
                this.transport.element,
                this.curves.element,
                this.choice,
                this.runs,
            ),
            this.dialog.element,
            this.linkDialog.element,
            this.replaceDialog.element,
        );
    }

    /** Follow the workbench, the link, keys and dropped files. */
    listen() {
        const { bench } = this;
        bench.addEventListener("tick", () => this.update());
        bench.addEventListener("loading", () => this.update());
        bench.addEventListener("runs", () => this.changedRuns());
        this.panel.addEventListener("drop", (event) => this.drop(event));
        addEventListener("hashchange", () => this.readLink());
        addEventListener("beforeunload", (event) => {
            if (this.own.isUnsaved) event.preventDefault(); // the browser asks
        });
        document.addEventListener("keydown", (event) => {
            if (this.isVisible) this.transport.key(event);
        });
    }

    /**
     * Wake the room when it comes on the screen.
     *
     * @param {boolean} shown whether the room is the one on the screen
     */
    visible(shown) {
        this.isVisible = shown;
        if (!shown) return;
        this.sketch.takeDrawing();
        this.sketch.canvas.fit();
        if (this.bench.slots.length && location.hash === "#learn") this.writeLink();
        else this.readLink();
        this.update();
    }

    /** Open what the link says, unless it is open. */
    readLink() {
        const { hash } = location;
        if (hash.split("?")[0] !== "#learn" || hash === this.link) return;
        this.link = hash;
        const { config, versus, problems } = readLink(hash);
        for (const problem of problems) say(problem);
        attempt(async () => {
            if (await this.mayReplace()) await this.bench.open(config, versus);
            else this.writeLink();
        });
    }

    /** @returns {Promise<boolean>} whether the runs may go, after long training only if agreed */
    async mayReplace() {
        const seconds = this.bench.trainedMs / 1000;
        if (seconds < LONG_S) return true;
        this.bench.pause();
        return this.replaceDialog.ask(seconds);
    }

    /** Keep settings and seed in the link. */
    writeLink() {
        const { bench } = this;
        const id = bench.experiment?.id ?? null;
        const link = linkTo(bench.config, bench.slots[1]?.run.config ?? null, id);
        this.strip.show(id);
        this.link = link;
        if (this.isVisible && link !== location.hash) history.replaceState(null, "", link);
    }

    /** Copy the room's link to the clipboard. */
    async copyLink() {
        this.writeLink();
        const end = location.hash || "#learn";
        const branched = this.bench.slots.find(({ branchedAt }) => branchedAt > 0);
        const left = branched
            ? ` Run ${branched.letter} branched off after ` +
              `${countText(branched.branchedAt, "image")}; the link begins it at the first weights.`
            : "";
        try {
            await navigator.clipboard.writeText(location.href);
        } catch {
            this.linkDialog.open(end, `The browser does not allow copying; copy this.${left}`);
            return;
        }
        const copied =
            "Link copied. Whoever opens it gets the same settings and the same seed." + left;
        if (isPrivate(location))
            this.linkDialog.open(end, `${copied} Other devices cannot reach this address.`);
        else say(copied);
    }

    /** Show other runs and their settings. */
    changedRuns() {
        this.runs.replaceChildren(...this.bench.slots.map((_, i) => this.columns[i].element));
        this.settings.show(this.bench.config);
        this.show("A");
        this.writeLink();
        this.update();
    }

    /**
     * Choose the run whose details a narrow screen shows.
     *
     * @param {"A" | "B"} letter the run whose details a narrow screen shows
     */
    show(letter) {
        this.bench.shown = letter;
        this.runs.dataset.shown = letter;
        [...this.choice.children].forEach((button, i) =>
            button.setAttribute("aria-pressed", String("AB"[i] === letter)),
        );
    }

    /** Draw all cards anew; not while another room is on the screen. */
    update() {
        if (!this.isVisible) return;
        const hasTwo = this.bench.slots.length > 1;
        this.choice.hidden = !hasTwo;
        this.runs.classList.toggle("two", hasTwo);
        this.intro.hidden = this.bench.hasBegun;
        this.strip.update();
        this.transport.update();
        this.curves.update();
        this.rewind.update();
        this.sketch.update();
        this.own.update();
        for (const column of this.columns) column.update();
    }

    /**
     * Take dropped files that are not images; images are opened by the room Draw.
     *
     * @param {DragEvent} event
     */
    drop(event) {
        const files = [...(event.dataTransfer?.files ?? [])];
        const named = (/** @type {string} */ end) =>
            files.filter((file) => file.name.toLowerCase().endsWith(end));
        const zips = named(".zip");
        const models = named(".safetensors");
        if (!zips.length && !models.length) return;
        event.preventDefault();
        if (zips.length) this.own.load(zips);
        for (const file of models) this.openModel(file);
    }

    /**
     * Train on with the network of a file.
     *
     * @param {File} file a model file, to go on training
     */
    async openModel(file) {
        await attempt(async () => {
            const model = readModel(await file.arrayBuffer(), file.name);
            if (!this.bench.slots.length)
                throw new DigitusError("There are no images to train on; draw and label your own.");
            this.bench.openModel(model);
        });
    }
}
