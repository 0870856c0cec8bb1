/** What Draw, Inside and Learn share: the drawing, its patch, the models, the model in use. */

/** @typedef {import("./models/model.js").Model} Model */
/** @typedef {import("./imaging/strokes.js").Drawing} Drawing */

/** Names of the runs of the Learn room, which no other model gets. */
const RUNS = ["run A", "run B"];

/**
 * The state of the page; each change is an event.
 *
 * Events: "drawing" (strokes or image changed, so the patch did), "models" (the list of models),
 * "model" (another model is in use, or the one in use has new parameters).
 */
export class Session extends EventTarget {
    constructor() {
        super();
        /** @type {Drawing | null} the strokes, or null for an opened image */
        this.drawing = null;
        /** @type {Float32Array | null} 784 values, 0 paper to 1 full ink; null for a blank */
        this.patch = null;
        /** @type {Map<string, Model>} by name, those of the Learn room included */
        this.models = new Map();
        /** @type {Model | null} null until the first is there, and where none can be loaded */
        this.model = null;
    }

    /**
     * Set the drawing or image at hand.
     *
     * @param {Drawing | null} drawing the strokes; null for an image
     * @param {Float32Array | null} patch
     */
    setDrawing(drawing, patch) {
        this.drawing = drawing;
        this.patch = patch;
        this.dispatchEvent(new Event("drawing"));
    }

    /**
     * Add a model that does not train, such as one of a file; its name gets a number if another
     * model has it or a run could have it.
     *
     * @param {Model} model
     */
    addModel(model) {
        const { name } = model;
        for (let n = 2; RUNS.includes(model.name) || this.models.has(model.name); n++) {
            model.name = `${name} (${n})`;
        }
        this.models.set(model.name, model);
        this.dispatchEvent(new Event("models"));
    }

    /**
     * Add the model of a training run in place of the run before.
     *
     * @param {Model} model named "run A" or "run B"
     */
    addRun(model) {
        const replaced = this.models.get(model.name);
        this.models.set(model.name, model);
        this.dispatchEvent(new Event("models"));
        if (replaced && replaced === this.model) this.useModel(model.name);
    }

    /** @param {string} name "run A" or "run B" */
    removeRun(name) {
        if (this.models.delete(name)) this.dispatchEvent(new Event("models"));
        if (this.model?.name === name) {
            const [first] = this.models.keys();
            if (first) this.useModel(first);
        }
    }

    /**
     * Use a model for all answers.
     *
     * @param {string} name one of `models`
     */
    useModel(name) {
        this.model = this.models.get(name) ?? this.model;
        this.dispatchEvent(new Event("model"));
    }

    /**
     * Say that the parameters of a model have changed in place.
     *
     * @param {Model} model
     */
    modelChanged(model) {
        if (model === this.model) this.dispatchEvent(new Event("model"));
    }
}
