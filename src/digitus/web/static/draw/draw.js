/** The room Draw: the canvas with its tools, and what the network makes of the drawing. */

import { preprocessDrawing, preprocessFile } from "../imaging/preprocessing.js";
import { Recognizer } from "../recognizer.js";
import { SIDE_PX } from "../sizes.js";
import { element } from "../ui/element.js";
import { icon } from "../ui/icons.js";
import { attempt, say } from "../ui/messages.js";
import { AnswerPanel } from "./answer_panel.js";
import { DrawingCanvas, PENS_PX, commandOf } from "./canvas.js";
import {
    IMAGE_FILES,
    fileDialog,
    isField,
    listenToDrops,
    listenToPastes,
} from "./file_input.js";
import { ImageView } from "./image_view.js";
import { LiveAnswer } from "./live_answer.js";
import { ModelChoice } from "./model_choice.js";
import { paintWhiteOnBlack } from "./patch_view.js";

/** @typedef {import("../imaging/preprocessing.js").Preprocessed} Preprocessed */
/** @typedef {import("../session.js").Session} Session */

/** Pause before screen readers say the answer; the strokes of a digit follow each other sooner. */
const ANNOUNCE_AFTER_MS = 800;

/**
 * Make the room.
 *
 * @param {Session} session
 * @returns {{panel: HTMLElement, visible: (shown: boolean) => void}}
 */
export function mountDraw(session) {
    const room = new DrawRoom(session);
    return { panel: room.panel, visible: (shown) => room.visible(shown) };
}

/** Connects canvas, image, model and answer. */
class DrawRoom {
    /** @param {Session} session */
    constructor(session) {
        this.session = session;
        this.canvas = new DrawingCanvas();
        this.image = new ImageView(() => this.closeImage());
        this.answer = new AnswerPanel();
        this.models = new ModelChoice(session);
        this.live = new LiveAnswer(() => this.recognize());
        /** @type {Recognizer | null} */
        this.recognizer = null;
        /** @type {Preprocessed | null} what the opened image was reduced to */
        this.preprocessed = null;
        this.isVisible = false;
        /** Whether another room has set a drawing since this one was seen. */
        this.isStale = false;
        /** Whether the session is being told of this room's own drawing. */
        this.isTelling = false;
        /** @type {ReturnType<typeof setTimeout> | undefined} */
        this.announcing = undefined;
        /** Counts opened images; of two that load at once the later one wins. */
        this.opened = 0;
        this.undo = iconButton("undo", "Undo", () => this.undoStep());
        this.redo = iconButton("redo", "Redo", () => this.canvas.redo());
        this.clear = iconButton("clear", "Clear", () => this.clearAll());
        this.pen = element("input", {
            type: "range",
            min: PENS_PX[0],
            max: PENS_PX[1],
            step: 2,
            "aria-label": "Width of the pen",
            title: "Width of the pen",
            oninput: () => this.canvas.setPen(Number(this.pen.value)),
        });
        this.canvas.element.append(this.image.element);
        this.panel = element("section", { class: "draw" }, this.paperColumn(), this.answerColumn());
        this.listen();
        this.showTools();
    }

    /** @returns {HTMLElement} the canvas and its tools */
    paperColumn() {
        const image = fileDialog({ label: "Image file", accept: IMAGE_FILES }, (file) =>
            this.open(file),
        );
        const photo = fileDialog(
            { label: "Photograph", accept: IMAGE_FILES, capture: "environment" },
            (file) => this.open(file),
        );
        const camera = iconButton("camera", "Photograph a digit", photo.ask);
        camera.classList.add("only-touch");
        const tools = element(
            "div",
            { class: "draw-tools", role: "group", "aria-label": "Tools" },
            this.undo,
            this.redo,
            this.clear,
            this.pen,
            iconButton("image", "Open an image", image.ask),
            camera,
            image.input,
            photo.input,
        );
        const hint = element(
            "p",
            { class: "small muted draw-hint" },
            "You can also drop an image on the page, or paste one.",
        );
        return element(
            "div",
            { class: "draw-paper" },
            element("h2", { class: "visually-hidden" }, "Canvas"),
            this.canvas.element,
            tools,
            hint,
        );
    }

    /** @returns {HTMLElement} the answer and the model that gave it */
    answerColumn() {
        return element(
            "div",
            { class: "draw-answer" },
            element("h2", { class: "visually-hidden" }, "Answer"),
            this.answer.card,
            this.answer.barsCard,
            this.models.element,
            this.answer.status,
        );
    }

    /** Listen to the canvas, to the other rooms, to files and keys. */
    listen() {
        const { canvas, session } = this;
        canvas.addEventListener("begin", () => {
            if (this.image.isShown) this.leaveImage();
        });
        canvas.addEventListener("change", () => this.drawn());
        session.addEventListener("drawing", () => this.takeDrawing());
        session.addEventListener("model", () => this.takeModel());
        listenToDrops((file) => this.open(file));
        listenToPastes(
            (file) => this.open(file),
            () => {
                if (!this.isVisible) return;
                say("The clipboard holds no image; copy one, then paste again.");
            },
        );
        // Before the canvas, which knows nothing of the image over it.
        addEventListener("keydown", (event) => this.key(event), { capture: true });
    }

    /** @param {boolean} shown whether the room is the one on the screen */
    visible(shown) {
        this.isVisible = shown;
        if (!shown) return;
        this.canvas.fit();
        if (this.isStale) this.takeDrawing();
        this.live.now();
    }

    /** The user has drawn: show the answer, while drawing as often as the network is quick. */
    drawn() {
        this.opened++; // an image that is still loading is not wanted any more
        this.showTools();
        if (this.canvas.isDrawing) {
            clearTimeout(this.announcing);
            this.live.request();
            return;
        }
        this.live.now();
        this.announceSoon();
    }

    /** Say the answer to screen readers when nothing has been drawn for a moment. */
    announceSoon() {
        clearTimeout(this.announcing);
        this.announcing = setTimeout(() => this.answer.announce(), ANNOUNCE_AFTER_MS);
    }

    /** Find the answer to what is on the paper and show it. */
    recognize() {
        let preprocessed = this.preprocessed;
        if (!this.image.isShown) {
            const { drawing } = this.canvas;
            const drawn = (preprocessed = preprocessDrawing(drawing));
            this.tell(() => this.session.setDrawing(drawing, drawn.patch));
        }
        preprocessed ??= { patch: this.session.patch, writing: null, isAlone: true };
        if (!this.recognizer) return;
        this.answer.show(this.recognizer.predict(preprocessed), this.image.isShown);
    }

    /**
     * Change the session without taking the change for that of another room.
     *
     * @param {() => void} change
     */
    tell(change) {
        this.isTelling = true;
        try {
            change();
        } finally {
            this.isTelling = false;
        }
    }

    /** Take over a drawing or a patch that another room has set. */
    takeDrawing() {
        if (this.isTelling) return;
        this.isStale = !this.isVisible; // one step to undo, however often it changes until then
        if (this.isStale) return;
        const { drawing, patch } = this.session;
        if (drawing || !patch) {
            this.image.hide();
            this.canvas.load(drawing);
        } else {
            const shown = element("canvas", { width: SIDE_PX, height: SIDE_PX });
            paintWhiteOnBlack(shown, patch);
            this.preprocessed = null;
            this.image.show(shown, { name: "28 by 28 pixels", isPatch: true });
        }
        this.showTools();
        this.live.now();
    }

    /** Use the session's model; one in training has changed since the last answer. */
    takeModel() {
        const { model } = this.session;
        if (!model) this.answer.showNoModel();
        else if (this.recognizer?.model !== model) this.recognizer = new Recognizer(model);
        if (this.isVisible) this.live.request();
    }

    /**
     * Open a file: an image, or a model by its ending.
     *
     * @param {File} file
     */
    async open(file) {
        if (file.name.toLowerCase().endsWith(".safetensors")) {
            await this.models.open(file);
            return;
        }
        const mine = ++this.opened;
        const read = await attempt(() => preprocessFile(file));
        if (!read) return;
        if (mine !== this.opened) return; // meanwhile one has drawn, or opened another
        this.image.show(read.preview, { name: file.name });
        this.preprocessed = read;
        this.tell(() => this.session.setDrawing(null, read.patch));
        this.showTools();
        if (!this.isVisible) location.hash = "#draw";
        this.live.now();
        this.announceSoon();
    }

    /** Put the image away, so that the drawing beneath it is there again. */
    closeImage() {
        this.image.hide();
        this.drawn();
        this.canvas.canvas.focus();
    }

    /** Put the image away, and the drawing beneath it, for a new one. */
    leaveImage() {
        this.image.hide();
        this.canvas.history.clear();
    }

    /** Undo the last step; opening an image counts as one. */
    undoStep() {
        if (this.image.isShown) this.closeImage();
        else this.canvas.undo();
    }

    /** Put image and drawing away. */
    clearAll() {
        if (this.image.isShown) this.image.hide();
        this.canvas.clear();
    }

    /**
     * Take the keys of undo, redo and clear wherever the focus is in this room.
     *
     * @param {KeyboardEvent} event
     */
    key(event) {
        if (!this.isVisible || isField(event.target)) return;
        const command = commandOf(event);
        if (!command) return;
        event.preventDefault();
        event.stopPropagation();
        if (command === "undo") this.undoStep();
        else if (command === "redo") this.canvas.redo();
        else this.clearAll();
    }

    /** Enable what can be done, and show the pen's width. */
    showTools() {
        const { history, penPx } = this.canvas;
        const [thinnest, widest] = PENS_PX;
        this.pen.value = String(penPx);
        const share = (penPx - thinnest) / (widest - thinnest);
        this.pen.style.setProperty("--fill", `${100 * share}%`);
        const { activeElement } = document;
        this.undo.disabled = !history.canUndo && !this.image.isShown;
        this.redo.disabled = !history.canRedo;
        this.clear.disabled = this.canvas.isEmpty && !this.image.isShown;
        if (activeElement instanceof HTMLButtonElement && activeElement.disabled) {
            this.canvas.canvas.focus(); // a disabled button drops the focus
        }
    }
}

/**
 * @param {string} image name of the icon
 * @param {string} label
 * @param {() => void} onclick
 * @returns {HTMLButtonElement}
 */
function iconButton(image, label, onclick) {
    const names = { "aria-label": label, title: label };
    return element("button", { type: "button", class: "icon", ...names, onclick }, icon(image));
}
