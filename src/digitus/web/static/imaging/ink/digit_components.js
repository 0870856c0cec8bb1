/** The components of the ink that form the digit, and its neighbors of the same size. */

import { mapped } from "../arrays.js";
import { dilatedByDisk } from "../filters.js";
import { labelComponents } from "./components.js";

/** @typedef {import("../arrays.js").Raster} Ink */
/** @typedef {import("./components.js").Component} Component */

/**
 * Parameters of `digitComponents`, as in Python's `SelectionParameters`; set by hand.
 *
 * weakestPeak: least darkest ink of a component. leastMass: least ink of a component, as a share of
 * the largest one's. farthest: greatest gap, as a share of the digit's long side. farthestAtEdge:
 * the same for a component that touches the image's border. leastSize: size, as a share of the
 * image's long side, from which a component is preferred to others that touch the border. bridged:
 * gap, as a share of the image's long side, up to which gaps are closed. frameBand: share of its
 * sides within which a drawn box has its ink. frameShare: least share of a box's ink that lies in
 * that band. digitInFrame: size of a digit beside a frame, as a share of the frame's. neighborSize:
 * size of a neighbor that may be a digit, as a share of the largest component's. wholeHeight: least
 * height of a neighbor that touches the border but is whole, as a share of the largest one's.
 * wholeContact: greatest length of its contact with the border, as a share of its height.
 */
const SELECTION = {
    weakestPeak: 0.5,
    leastMass: 0.015,
    farthest: 0.2,
    farthestAtEdge: 0.03,
    leastSize: 0.15,
    bridged: 0.008,
    frameBand: 0.12,
    frameShare: 0.9,
    digitInFrame: 0.25,
    neighborSize: 0.4,
    wholeHeight: 0.7,
    wholeContact: 0.3,
};

/**
 * @typedef {object} Measured what the selection compares
 * @property {number} mass ink
 * @property {number} peak darkest ink
 * @property {boolean} atEdge whether it reaches the image's border
 * @property {boolean} isFit whether it may belong to the digit
 */
/** @typedef {Component & Measured} Candidate */

/**
 * @typedef {object} Selection
 * @property {Ink} digit ink of the digit
 * @property {Ink} writing the same with its neighbors that may be digits too; the same object where
 *     there are none
 */

/**
 * Keep the digit's components; specks, smudges, frames and neighbors become paper.
 *
 * @param {Ink} ink not blank
 * @returns {Selection}
 */
export function digitComponents(ink) {
    const { labels, candidates } = findCandidates(ink);
    for (const candidate of candidates) {
        candidate.isFit =
            candidate.peak >= SELECTION.weakestPeak && !isFrame(candidate, candidates, labels, ink);
    }
    const fit = candidates.filter((candidate) => candidate.isFit);
    if (!fit.length) {
        const blank = mapped(ink, () => 0);
        return { digit: blank, writing: blank };
    }
    const main = mainComponent(fit, SELECTION.leastSize * longSide(ink));
    const kept = belonging(fit, main);
    const inkOf = (/** @type {Set<Candidate>} */ chosen) => {
        const isChosen = [false, ...candidates.map((candidate) => chosen.has(candidate))];
        return mapped(ink, (value, i) => (isChosen[labels[i]] ? value : 0));
    };
    const digit = inkOf(kept);
    const isNeighbor = (/** @type {Candidate} */ one) =>
        mayBeDigit(one, main, { labels, label: candidates.indexOf(one) + 1, ink });
    const written = new Set([...kept, ...fit.filter(isNeighbor)]);
    return { digit, writing: written.size === kept.size ? digit : inkOf(written) };
}

/** @param {Ink} ink */
function longSide(ink) {
    return Math.max(ink.width, ink.height);
}

/** @param {Component} component */
function span(component) {
    return Math.max(component.right - component.left, component.bottom - component.top);
}

/**
 * @param {Ink} ink
 * @returns {{labels: Int32Array, candidates: Candidate[]}}
 */
function findCandidates(ink) {
    const { width, height, values } = ink;
    const reach = Math.floor(SELECTION.bridged * longSide(ink));
    const inked = mapped(ink, (value) => Number(value > 0));
    const mask = reach ? dilatedByDisk(inked, 2 * reach + 1) : inked;
    const { labels, components } = labelComponents(mask.values, width, height);
    const candidates = components.map((box) => ({
        ...box,
        mass: 0,
        peak: 0,
        atEdge:
            Math.min(box.left, box.top) <= reach ||
            box.right >= width - reach ||
            box.bottom >= height - reach,
        isFit: true,
    }));
    for (let i = 0; i < values.length; i++) {
        if (!(values[i] > 0)) continue;
        const candidate = candidates[labels[i] - 1];
        candidate.mass += values[i];
        candidate.peak = Math.max(candidate.peak, values[i]);
    }
    return { labels, candidates };
}

/**
 * Return whether a component lies along the border of the image, or is a box drawn around others.
 *
 * @param {Candidate} candidate
 * @param {Candidate[]} candidates
 * @param {Int32Array} labels
 * @param {Ink} ink
 */
function isFrame(candidate, candidates, labels, ink) {
    if (span(candidate) < SELECTION.leastSize * longSide(ink)) return false;
    const least = SELECTION.digitInFrame * span(candidate);
    if (!candidates.some((other) => other !== candidate && !other.atEdge && span(other) >= least)) {
        return false;
    }
    const whole = { left: 0, top: 0, right: ink.width, bottom: ink.height };
    const { left, top, right, bottom } = candidate.atEdge ? whole : candidate;
    const rows = Math.max(1, Math.floor(SELECTION.frameBand * (bottom - top)));
    const cols = Math.max(1, Math.floor(SELECTION.frameBand * (right - left)));
    const label = candidates.indexOf(candidate) + 1;
    let [all, within] = [0, 0];
    for (let row = top; row < bottom; row++) {
        for (let col = left; col < right; col++) {
            const i = row * ink.width + col;
            if (labels[i] !== label || !(ink.values[i] > 0)) continue;
            all++;
            const isWithinRows = row >= top + rows && row < bottom - rows;
            within += Number(isWithinRows && col >= left + cols && col < right - cols);
        }
    }
    return within < (1 - SELECTION.frameShare) * all;
}

/**
 * Return whether a component has the main one's size, and the image's border does not cut it off.
 *
 * @param {Candidate} one
 * @param {Candidate} main
 * @param {{labels: Int32Array, label: number, ink: Ink}} place where it is
 */
function mayBeDigit(one, main, place) {
    if (span(one) < SELECTION.neighborSize * span(main)) return false;
    if (main.atEdge || !one.atEdge) return true;
    const height = (one.bottom - one.top) / (main.bottom - main.top);
    return height >= SELECTION.wholeHeight && touchesOnce(one, place);
}

/**
 * Return whether a component touches the left or right border in one short place. The border cuts
 * most digits in two places or along a stroke.
 *
 * @param {Candidate} one
 * @param {{labels: Int32Array, label: number, ink: Ink}} place
 */
function touchesOnce(one, { labels, label, ink }) {
    const cols = [];
    if (one.left === 0) cols.push(0);
    if (one.right === ink.width) cols.push(ink.width - 1);
    return cols.every((col) => {
        let [runs, length, before] = [0, 0, false];
        for (let row = one.top; row < one.bottom; row++) {
            const isOwn = labels[row * ink.width + col] === label;
            length += Number(isOwn);
            runs += Number(isOwn && !before);
            before = isOwn;
        }
        return runs <= 1 && length <= SELECTION.wholeContact * (one.bottom - one.top);
    });
}

/**
 * Return the component with most ink, one clear of the border if there is any.
 *
 * @param {Candidate[]} fit
 * @param {number} leastPx
 */
function mainComponent(fit, leastPx) {
    const inner = fit.filter((candidate) => !candidate.atEdge && span(candidate) >= leastPx);
    const choice = inner.length ? inner : fit;
    return choice.reduce((most, next) => (next.mass > most.mass ? next : most));
}

/**
 * Add all components that are large and near enough to the main one, until none is left.
 *
 * @param {Candidate[]} fit
 * @param {Candidate} main
 * @returns {Set<Candidate>}
 */
function belonging(fit, main) {
    const kept = new Set([main]);
    const large = fit.filter((candidate) => candidate.mass >= SELECTION.leastMass * main.mass);
    for (let before = 0; before < kept.size; ) {
        before = kept.size;
        const boxes = [...kept];
        const left = Math.min(...boxes.map((box) => box.left));
        const top = Math.min(...boxes.map((box) => box.top));
        const right = Math.max(...boxes.map((box) => box.right));
        const bottom = Math.max(...boxes.map((box) => box.bottom));
        for (const candidate of large) {
            const across = Math.max(left - candidate.right, candidate.left - right);
            const down = Math.max(top - candidate.bottom, candidate.top - bottom);
            const isCutOff = candidate.atEdge && !main.atEdge;
            const share = isCutOff ? SELECTION.farthestAtEdge : SELECTION.farthest;
            if (Math.max(across, down) <= share * Math.max(right - left, bottom - top)) {
                kept.add(candidate);
            }
        }
    }
    return kept;
}
