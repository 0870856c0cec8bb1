/** Keys that are pressed while a change is on its way to the server: held, and taken after it. */

import { isField } from "../draw/file_input.js";

const HELD_KEYS = new Set(["Enter", "Escape", "Backspace", "Delete", "Home", "End"]);

/**
 * Holds keys as long as tasks run, so that a fast typist loses none.
 *
 * If a task fails, what was held is dropped: it was meant for what should have come after.
 */
export class KeyQueue {
    constructor() {
        this.nRunning = 0;
        this.isReplaying = false;
        /** @type {(() => void)[]} keys and clicks in their order */
        this.held = [];
    }

    /**
     * Run a task, with all that has to be on the screen before the next key is taken.
     *
     * @template T
     * @param {() => Promise<T | undefined>} task resolves to undefined if it fails
     * @returns {Promise<T | undefined>}
     */
    async during(task) {
        this.nRunning += 1;
        /** @type {T | undefined} */
        let answer;
        try {
            answer = await task();
            return answer;
        } finally {
            this.nRunning -= 1;
            if (answer === undefined) this.held = [];
            this.replay();
        }
    }

    /**
     * Do something now, or after the tasks that run.
     *
     * @param {() => void} action
     */
    soon(action) {
        if (this.nRunning > 0 && !this.isReplaying) this.held.push(action);
        else action();
    }

    /**
     * Hold a key if a task runs. A key that is held down counts once.
     *
     * @param {KeyboardEvent} event
     * @returns {boolean} whether it is held
     */
    holds(event) {
        if (this.nRunning === 0 || this.isReplaying || !isHeldKey(event)) return false;
        if (!event.repeat) this.held.push(() => press(event));
        return true;
    }

    /** Take what was held, until one of it starts another task. */
    replay() {
        if (this.isReplaying) return;
        this.isReplaying = true;
        try {
            while (this.nRunning === 0) {
                const next = this.held.shift();
                if (!next) break;
                next();
            }
        } finally {
            this.isReplaying = false;
        }
    }
}

/**
 * @param {KeyboardEvent} event
 * @returns {boolean} whether a view of a batch may wait for it
 */
function isHeldKey({ key, ctrlKey, metaKey, altKey, isComposing }) {
    if (altKey || isComposing) return false;
    if (ctrlKey || metaKey) return key === "z" || key === "Enter";
    return key.length === 1 || key.startsWith("Arrow") || HELD_KEYS.has(key);
}

/**
 * Press a key where the focus is now, and do what a browser does for real keys alone.
 *
 * @param {KeyboardEvent} event as it was
 */
function press({ key, code, shiftKey, ctrlKey, metaKey }) {
    const target = document.activeElement ?? document.body;
    const facts = { key, code, shiftKey, ctrlKey, metaKey, bubbles: true, cancelable: true };
    const isLeft = target.dispatchEvent(new KeyboardEvent("keydown", facts));
    if (!isLeft || ctrlKey || metaKey) return;
    if (target instanceof HTMLInputElement && isField(target)) type(target, key);
    else if ((key === "Enter" || key === " ") && target.matches("a, button, summary")) {
        /** @type {HTMLElement} */ (target).click();
    }
}

/**
 * @param {HTMLInputElement} field
 * @param {string} key
 */
function type(field, key) {
    const end = field.selectionEnd ?? field.value.length;
    let start = field.selectionStart ?? end;
    if (key === "Enter") {
        field.form?.requestSubmit(field.form.querySelector("button:not([type=button])"));
        return;
    }
    if (key === "Backspace" && start === end) start = Math.max(0, start - 1);
    else if (key.length !== 1 && key !== "Backspace") return;
    const text = key.length === 1 ? key : "";
    const length = field.value.length - (end - start) + text.length;
    if (field.maxLength >= 0 && length > field.maxLength) return;
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
}
