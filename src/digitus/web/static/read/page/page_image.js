/** The image of a page with a box at each number, to zoom and to pan. */

import { element, svg } from "../../ui/element.js";
import { icon } from "../../ui/icons.js";
import { cellsOf, pageImage } from "../api.js";
import { pageName } from "../words.js";
import { AreaTool } from "./area_tool.js";
import { Zoom } from "./zoom.js";

/** @typedef {import("../api.js").Box} Box */
/** @typedef {import("../api.js").Cell} Cell */
/** @typedef {import("../api.js").WholePage} WholePage */
/** @typedef {"sure" | "fair" | "doubtful" | "confirmed" | "deleted" | "cell"} Kind */

const STEP = 1.3; // of a zoom by button or key
const WHEEL_STEP = 0.0015; // per pixel of the wheel
const PAN_PX = 60;
const CLICK_PX = 5; // a pointer that moves less has clicked
const FAIR_BELOW = 0.97; // as in the overlays of `digitus read`
const OUTSIDE_PX = 3; // of the page, between digits and box

/**
 * Return how a number is drawn.
 *
 * @param {Cell} cell
 * @returns {Kind}
 */
export function kindOf({ state, to_check: isToCheck, confidence }) {
    if (state === "deleted") return "deleted";
    if (isToCheck) return "doubtful";
    if (state === "confirmed" || state === "added") return "confirmed";
    if (confidence === null) return "cell"; // of a grid, without a number
    return confidence < FAIR_BELOW ? "fair" : "sure";
}

/** @returns {HTMLImageElement} */
function sheetImage() {
    return element("img", { class: "sheet-image", alt: "", draggable: "false" });
}

/** Shows a page; a click on a box chooses its number. */
export class PageImage {
    /**
     * @param {object} [actions]
     * @param {(id: number) => void} [actions.choose]
     * @param {(id: number | null) => void} [actions.point]
     * @param {(box: Box | null) => void} [actions.draw] without it, no box can be drawn
     */
    constructor({ choose = () => {}, point = () => {}, draw } = {}) {
        this.choose = choose;
        this.point = point;
        /** @type {WholePage | null} */
        this.page = null;
        this.zoom = new Zoom({ width: 1, height: 1 });
        /** @type {Map<number, SVGElement>} */
        this.boxes = new Map();
        /** @type {Map<number, [number, number]>} pointers that are down, in the frame */
        this.pointers = new Map();
        this.movedPx = 0;
        /** @type {number | null} */
        this.chosen = null;
        this.image = sheetImage();
        this.overlay = svg("svg", { class: "boxes", "aria-hidden": "true" });
        this.area = new AreaTool(this.overlay, (box) => {
            this.drawArea(false);
            draw?.(box);
        });
        this.areaButton = element(
            "button",
            { type: "button", "aria-pressed": "false", onclick: () => this.drawArea() },
            icon("box"),
            "Add a number",
        );
        this.areaButton.title = "Draw a box around a number that was missed";
        this.areaButton.hidden = draw === undefined;
        this.sheet = element("div", { class: "sheet" }, this.image, this.overlay);
        this.frame = element(
            "div",
            { class: "frame", tabindex: 0, role: "group" },
            this.sheet,
        );
        this.element = element("div", { class: "page-image" }, this.frame, this.buttons());
        this.listen();
    }

    /** @returns {HTMLElement} */
    buttons() {
        /** @type {[string, string, () => void][]} */
        const kinds = [
            ["plus", "Zoom in", () => this.change(() => this.zoom.zoom(STEP))],
            ["minus", "Zoom out", () => this.change(() => this.zoom.zoom(1 / STEP))],
            ["fit", "Whole page", () => this.change(() => this.zoom.fit())],
        ];
        return element(
            "div",
            { class: "zoom-buttons", role: "group", "aria-label": "Image" },
            this.areaButton,
            ...kinds.map(([image, label, onclick]) =>
                element(
                    "button",
                    { type: "button", class: "icon", "aria-label": label, title: label, onclick },
                    icon(image),
                ),
            ),
        );
    }

    /**
     * Draw a box with the next pointer that goes down, instead of moving the page.
     *
     * @param {boolean} [isOn] the other way round if left out
     */
    drawArea(isOn = !this.area.isOn) {
        this.area.isOn = isOn;
        if (!isOn) this.area.stop();
        this.areaButton.setAttribute("aria-pressed", String(isOn));
        this.frame.classList.toggle("is-drawn-on", isOn);
    }

    /** Follow the frame's size, pointers, wheel and keys. */
    listen() {
        const { frame } = this;
        new ResizeObserver(() =>
            this.change(() =>
                this.zoom.setFrame({ width: frame.clientWidth, height: frame.clientHeight }),
            ),
        ).observe(frame);
        frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
        frame.addEventListener("keydown", (event) => this.key(event));
        frame.addEventListener("pointerdown", (event) => this.down(event));
        frame.addEventListener("pointermove", (event) => this.move(event));
        for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
            frame.addEventListener(kind, (event) => this.up(event));
        }
        frame.addEventListener("pointerleave", () => this.point(null));
        frame.addEventListener("dblclick", (event) =>
            this.change(() => this.zoom.zoom(STEP * STEP, this.inFrame(event))),
        );
    }

    /**
     * Show a page, and its boxes as they are now.
     *
     * @param {WholePage} page
     */
    show(page) {
        if (this.page?.id !== page.id) {
            // A new one: the old image would stay below other boxes until this one is there.
            const image = sheetImage();
            image.src = pageImage(page);
            image.alt = `Image of ${pageName(page)}`;
            this.image.replaceWith(image);
            this.image = image;
            this.frame.setAttribute(
                "aria-label",
                `${pageName(page)}: plus and minus zoom, arrow keys move the page`,
            );
            this.chosen = null;
            this.zoom = new Zoom({ width: page.width || 1, height: page.height || 1 });
            this.zoom.setFrame({
                width: this.frame.clientWidth,
                height: this.frame.clientHeight,
            });
        }
        this.page = page;
        this.overlay.setAttribute("viewBox", `0 0 ${page.width} ${page.height}`);
        this.boxes.clear();
        const outlines = page.grids.flatMap(({ rows }) =>
            rows.flat().map(({ box }) => rectangle(box, 0, "cell")),
        );
        for (const cell of cellsOf(page)) {
            const isEmpty = cell.state !== "deleted" && cell.text === "" && !cell.to_check;
            if (!cell.box?.[2] || isEmpty) continue;
            const box = rectangle(cell.box, OUTSIDE_PX, kindOf(cell));
            box.dataset.cell = String(cell.id);
            this.boxes.set(cell.id, box);
        }
        this.overlay.replaceChildren(...outlines, ...this.boxes.values());
        this.select(this.chosen);
        this.change(() => {});
    }

    /**
     * Mark the number that is chosen.
     *
     * @param {number | null} id
     */
    select(id) {
        this.chosen = id;
        for (const [one, box] of this.boxes) box.classList.toggle("is-chosen", one === id);
        const chosen = id === null ? undefined : this.boxes.get(id);
        if (chosen) this.overlay.append(chosen); // above its neighbours
    }

    /**
     * Mark the number that the pointer is at elsewhere.
     *
     * @param {number | null} id
     */
    mark(id) {
        for (const [one, box] of this.boxes) box.classList.toggle("is-marked", one === id);
    }

    /** @param {Box} box that is to be seen */
    reveal(box) {
        this.change(() => this.zoom.reveal(box));
    }

    /**
     * @param {Box} box to show in the middle
     * @param {number} share of the frame that it takes
     */
    center(box, share) {
        this.change(() => this.zoom.center(box, share));
    }

    /** @param {() => void} action that changes scale or offset */
    change(action) {
        action();
        const { scale, left, top, page } = this.zoom;
        // The sheet itself is enlarged, not a layer of it, so that lines keep their width.
        this.sheet.style.width = `${page.width * scale}px`;
        this.sheet.style.height = `${page.height * scale}px`;
        this.sheet.style.transform = `translate(${left}px, ${top}px)`;
    }

    /** @param {WheelEvent} event */
    wheel(event) {
        if (event.ctrlKey || event.metaKey) {
            event.preventDefault();
            const factor = Math.exp(-event.deltaY * WHEEL_STEP * (event.deltaMode ? 20 : 1));
            this.change(() => this.zoom.zoom(factor, this.inFrame(event)));
        } else if (!this.zoom.isFitted) {
            event.preventDefault();
            this.change(() => this.zoom.pan(-event.deltaX, -event.deltaY));
        }
    }

    /** @param {KeyboardEvent} event */
    key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape" && this.area.isOn) {
            event.stopPropagation();
            this.drawArea(false);
            return;
        }
        /** @type {Record<string, () => void>} */
        const actions = {
            "+": () => this.zoom.zoom(STEP),
            "=": () => this.zoom.zoom(STEP),
            "-": () => this.zoom.zoom(1 / STEP),
            0: () => this.zoom.fit(),
            ArrowLeft: () => this.zoom.pan(PAN_PX, 0),
            ArrowRight: () => this.zoom.pan(-PAN_PX, 0),
            ArrowUp: () => this.zoom.pan(0, PAN_PX),
            ArrowDown: () => this.zoom.pan(0, -PAN_PX),
        };
        const action = actions[event.key];
        if (!action) return;
        event.preventDefault();
        event.stopPropagation();
        this.change(action);
    }

    /** @param {PointerEvent} event */
    down(event) {
        if (event.button !== 0) return;
        this.frame.setPointerCapture(event.pointerId);
        this.pointers.set(event.pointerId, this.inFrame(event));
        if (this.pointers.size === 1) this.movedPx = 0;
        if (this.pointers.size > 1) this.area.stop(); // two fingers zoom
        else if (this.area.isOn) this.area.begin(this.inPage(event));
    }

    /** @param {PointerEvent} event */
    move(event) {
        const before = this.pointers.get(event.pointerId);
        if (!before) {
            this.point(this.cellAt(event));
            return;
        }
        const now = this.inFrame(event);
        const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
        this.movedPx += Math.hypot(dx, dy);
        const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
        this.pointers.set(event.pointerId, now);
        if (this.area.start) {
            this.area.extend(this.inPage(event), this.zoom.page);
        } else if (other) {
            const factor = distance(now, other) / Math.max(distance(before, other), 1);
            const middle = /** @type {[number, number]} */ ([
                (now[0] + other[0]) / 2,
                (now[1] + other[1]) / 2,
            ]);
            this.change(() => {
                this.zoom.pan(dx / 2, dy / 2);
                this.zoom.zoom(factor, middle);
            });
        } else if (this.movedPx > CLICK_PX) {
            this.change(() => this.zoom.pan(dx, dy));
        }
    }

    /** @param {PointerEvent} event */
    up(event) {
        const wasDown = this.pointers.delete(event.pointerId);
        if (this.area.start) {
            if (event.type === "pointercancel") this.area.stop();
            else this.area.end();
            return;
        }
        if (!wasDown || event.type === "pointercancel" || this.movedPx > CLICK_PX) return;
        const id = this.cellAt(event);
        if (id) this.choose(id);
    }

    /**
     * @param {MouseEvent} event
     * @returns {[number, number]} its place in the frame
     */
    inFrame(event) {
        const { left, top } = this.frame.getBoundingClientRect();
        return [event.clientX - left, event.clientY - top];
    }

    /**
     * @param {MouseEvent} event
     * @returns {[number, number]} its place in pixels of the page
     */
    inPage(event) {
        const [x, y] = this.inFrame(event);
        const { scale, left, top } = this.zoom;
        return [(x - left) / scale, (y - top) / scale];
    }

    /**
     * Return the number at a pointer, also while the frame has captured it.
     *
     * @param {MouseEvent} event
     * @returns {number | null}
     */
    cellAt(event) {
        const at = this.inPage(event);
        const found = cellsOf(this.page).filter(({ box }) => box && isInside(at, box));
        return found.sort((a, b) => areaOf(a) - areaOf(b))[0]?.id ?? null;
    }
}

/**
 * @param {Box} box
 * @param {number} outside pixels of the page between the box and its frame
 * @param {Kind} kind
 * @returns {SVGRectElement}
 */
function rectangle([left, top, width, height], outside, kind) {
    return svg("rect", {
        class: `box is-${kind}`,
        x: left - outside,
        y: top - outside,
        width: width + 2 * outside,
        height: height + 2 * outside,
        rx: kind === "cell" ? 0 : 4,
    });
}

/**
 * @param {[number, number]} a
 * @param {[number, number]} b
 */
function distance(a, b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/**
 * @param {number[]} at
 * @param {Box} box
 */
function isInside([x, y], [left, top, width, height]) {
    return (
        x >= left - OUTSIDE_PX &&
        y >= top - OUTSIDE_PX &&
        x <= left + width + OUTSIDE_PX &&
        y <= top + height + OUTSIDE_PX
    );
}

/** @param {Cell} cell */
function areaOf({ box }) {
    return box ? box[2] * box[3] : Infinity;
}
