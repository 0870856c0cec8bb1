/** Start the worker that trains; an exported page replaces this module, as it has no files. */

/**
 * Start a worker that waits for the message "open" (see `run.js`).
 *
 * @returns {Worker}
 */
export function startWorker() {
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
}
