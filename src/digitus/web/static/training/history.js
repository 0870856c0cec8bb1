/** The points of the curves, thinned so that a long run stays short to draw and to send. */

/** @typedef {import("./trainer.js").HistoryPoint} HistoryPoint */

/** Points above which every second one goes; a chart is a few hundred pixels wide. */
const MOST_POINTS = 1200;

/** The curves of a run; the page gets only what has changed. */
export class History {
    #firstChanged = 0;

    /** @param {HistoryPoint[]} [points] */
    constructor(points = []) {
        this.points = points;
    }

    /**
     * Add a point, in place of an earlier one at the same number of images.
     *
     * @param {HistoryPoint} point
     */
    add(point) {
        const last = this.points.at(-1);
        if (last && last.images === point.images) {
            this.points.pop();
            point = {
                ...point,
                trainLoss: point.trainLoss ?? last.trainLoss,
                trainAccuracy: point.trainAccuracy ?? last.trainAccuracy,
            };
        }
        this.#firstChanged = Math.min(this.#firstChanged, this.points.length);
        this.points.push(point);
        if (this.points.length > MOST_POINTS) this.#thin();
    }

    /**
     * Drop the points after a number of images.
     *
     * @param {number} images
     */
    cut(images) {
        this.points = this.points.filter((point) => point.images <= images);
        this.#firstChanged = Math.min(this.#firstChanged, this.points.length);
    }

    /**
     * Return the points that have changed since the last call.
     *
     * @returns {{from: number, points: HistoryPoint[]}}
     */
    takeChanges() {
        const from = this.#firstChanged;
        this.#firstChanged = this.points.length;
        return { from, points: this.points.slice(from) };
    }

    /** Drop every second point, but not the last one. */
    #thin() {
        const last = this.points.length - 1;
        this.points = this.points.filter((_, i) => i % 2 === 0 || i === last);
        this.#firstChanged = 0;
    }
}
