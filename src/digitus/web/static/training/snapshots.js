/** Snapshots of a run, thinned so that they cover all of it in bounded memory. */

/** @typedef {import("./trainer.js").Snapshot} Snapshot */
/** @typedef {import("./run.js").SnapshotEntry} SnapshotEntry */

/** @typedef {{index: number, snapshot: Snapshot, bytes: number, endsEpoch: boolean}} Kept */

/** Memory for snapshots, and how much longer the end of an epoch is kept than others. */
const LIMITS = { bytes: 64 * 2 ** 20, epochEndsCount: 4 };

/** The snapshots of a run, oldest first; the first and the latest are always there. */
export class SnapshotList {
    /** @type {Kept[]} */
    #kept = [];
    #nextIndex = 0;

    /** @param {number} [bytes] memory that all of them may take */
    constructor(bytes = LIMITS.bytes) {
        this.limit = bytes;
        /** Memory of all snapshots. */
        this.bytes = 0;
        /** Whether the list is other than when `entries` was called last. */
        this.changed = true;
    }

    /**
     * Return whether a snapshot now would stay: once memory is full, only the usual distance from
     * the latest one on.
     *
     * @param {number} images trained on so far
     * @returns {boolean}
     */
    wants(images) {
        const latest = this.#kept.at(-1);
        if (!latest) return true;
        const gap = images - latest.snapshot.position.images;
        const isFull = this.bytes + latest.bytes > this.limit;
        return gap > 0 && (!isFull || gap >= images / this.#kept.length / 2);
    }

    /**
     * Add a snapshot later than all others; drop those that are missed the least.
     *
     * @param {Snapshot} snapshot
     */
    add(snapshot) {
        const bytes = bytesOf(snapshot);
        const endsEpoch = snapshot.position.batch === 0 && snapshot.position.row === 0;
        this.#kept.push({ index: this.#nextIndex++, snapshot, bytes, endsEpoch });
        this.bytes += bytes;
        while (this.bytes > this.limit && this.#kept.length > 2) this.#drop(this.#leastMissed());
        this.changed = true;
    }

    /**
     * Return a snapshot, or the latest one before it where it was dropped.
     *
     * @param {number} index
     * @returns {Kept | undefined}
     */
    find(index) {
        return this.#kept.findLast((kept) => kept.index <= index) ?? this.#kept[0];
    }

    /**
     * Drop the snapshots after one.
     *
     * @param {number} index
     */
    dropAfter(index) {
        while ((this.#kept.at(-1)?.index ?? -1) > index) this.#drop(this.#kept.length - 1);
    }

    /** @returns {SnapshotEntry[]} what the page shows of them */
    entries() {
        this.changed = false;
        return this.#kept.map(({ index, snapshot: { position } }) => ({
            index,
            images: position.images,
            epoch: position.epoch,
        }));
    }

    /** Drop the snapshot at a place. @param {number} at */
    #drop(at) {
        const [dropped] = this.#kept.splice(at, 1);
        this.bytes -= dropped.bytes;
        this.changed = true;
    }

    /** Return the place whose neighbors are closest together, so that the rest stays even. */
    #leastMissed() {
        let best = 1;
        let smallest = Infinity;
        for (let i = 1; i < this.#kept.length - 1; i++) {
            const before = this.#kept[i - 1].snapshot.position.images;
            const after = this.#kept[i + 1].snapshot.position.images;
            const gap = (after - before) * (this.#kept[i].endsEpoch ? LIMITS.epochEndsCount : 1);
            if (gap < smallest) [best, smallest] = [i, gap];
        }
        return best;
    }
}

/**
 * Return the memory of all arrays of a snapshot.
 *
 * @param {object} snapshot
 * @returns {number}
 */
function bytesOf(snapshot) {
    return Object.values(snapshot).reduce((sum, value) => {
        if (ArrayBuffer.isView(value)) return sum + value.byteLength;
        return sum + (value && typeof value === "object" ? bytesOf(value) : 0);
    }, 0);
}
