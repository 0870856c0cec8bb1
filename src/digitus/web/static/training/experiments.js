/**
 * Six ready experiments, each a question that two runs side by side answer.
 *
 * What they say was seen with all their epochs, MNIST's first 5,000 images and seeds 0 to 2:
 * `benchmarks/experiments.py` prints it. The tests run each for fewer epochs.
 */

import { DEFAULT_CONFIG } from "./config.js";

/** @typedef {import("./config.js").TrainingConfig} TrainingConfig */

/**
 * @typedef {object} Experiment
 * @property {string} id in the link
 * @property {string} title
 * @property {string} question
 * @property {string} look where to look, without the outcome
 * @property {string} seen what happens, and why; for after the run
 * @property {TrainingConfig} config of run A
 * @property {TrainingConfig} versus of run B: the same but for one thing
 */

/** Few enough images that a phone shows the outcome within a minute. */
const FEW = { ...DEFAULT_CONFIG, nImages: 5000 };

const SIGMOID = { ...FEW, activation: "sigmoid", weights: "glorot_uniform" };
const DEEP = { ...SIGMOID, hidden: [30, 30, 30, 30], epochs: 8 };
const BY_HEART = { ...DEFAULT_CONFIG, nImages: 200, hidden: [100], epochs: 200 };
const OFF_CENTER = { ...FEW, hidden: [100], shift: 4 };

/** @type {Experiment[]} */
export const EXPERIMENTS = [
    {
        id: "rate",
        title: "Too high a rate",
        question: "Steps twenty times as large: does the network learn twenty times as fast?",
        look:
            "The two loss curves. Below, under each run: what share of its hidden units is dead?",
        seen:
            "Run B's loss leaps up, then stays near 2.3, that of guessing. Its steps threw the " +
            "hidden units so far that the sums of nearly all are below zero for every image: " +
            "they are dead, their gradient is zero, and nothing brings them back.",
        config: { ...FEW, epochs: 5, rate: 0.1 },
        versus: { ...FEW, epochs: 5, rate: 2 },
    },
    {
        id: "zeros",
        title: "All weights zero",
        question: "Why do the first weights have to be random?",
        look:
            "The first layer's weights as images, run A beside run B, and the accuracy of both.",
        seen:
            "Run B begins with zeros. All its hidden units get the same gradient, so they stay " +
            "equal: thirty copies of one image. With one feature it tells about a third of the " +
            "digits, while run A reads about nine of ten.",
        config: { ...SIGMOID, epochs: 5, rate: 0.5 },
        versus: { ...SIGMOID, epochs: 5, rate: 0.5, weights: "zeros" },
    },
    {
        id: "deep",
        title: "Sigmoid or ReLU, four layers deep",
        question: "Why did deep networks not learn for so long?",
        look:
            "The gradient norm of each layer, from the output back to the first one, in both " +
            "runs; then the loss.",
        seen:
            "The gradient norms of run A: a sigmoid's derivative is at most 1/4, so each layer " +
            "on the way back weakens the gradient, and about a hundredth of it reaches the first " +
            "layer. The loss does not move. With ReLU, run B, the gradient does not fade, and it " +
            "learns.",
        config: DEEP,
        versus: { ...DEEP, activation: "relu", weights: "he_normal" },
    },
    {
        id: "by-heart",
        title: "200 images, learned by heart",
        question: "All training images right: has the network learned to read?",
        look:
            "Accuracy and loss on the training images, and on the validation images, which no run " +
            "trains on. Run B has a penalty on large weights (L2).",
        seen:
            "Run A has every training image right and about one in four others wrong, and its " +
            "validation loss rises as it gets surer of its mistakes. Run B pays a penalty for " +
            "large weights: the loss hardly rises, but only more images close the gap.",
        config: BY_HEART,
        versus: { ...BY_HEART, l2: 1 },
    },
    {
        id: "ten-units",
        title: "Ten hidden units",
        question: "What do ten units look for, and how much can they tell?",
        look:
            "The weights of each unit as an image, and the validation accuracy of both runs.",
        seen:
            "The weights of run A as images: strokes that speak for a unit, and strokes that " +
            "speak against it. Its accuracy ends two to five points below that of the hundred " +
            "units of run B, which share out the work more finely.",
        config: { ...FEW, hidden: [10], epochs: 15 },
        versus: { ...FEW, hidden: [100], epochs: 15 },
    },
    {
        id: "off-center",
        title: "Drawings off center",
        question:
            "The network reads 97 % of what it trains on. " +
            "Does it know a 7 that stands a little to the left?",
        look:
            "The validation accuracy. Both runs are validated with images shifted by up to four " +
            "pixels; run B trains on shifted images, too.",
        seen:
            "Run A trained on centered images and reads about a third of the shifted ones; every weight belongs to one place. " +
            "Run B trained on shifted images and reads four in five. This is why drawings are " +
            "centered before a network sees them.",
        config: { ...OFF_CENTER, epochs: 10 },
        versus: { ...OFF_CENTER, epochs: 10, trainShift: 4 },
    },
];

/**
 * Return the experiment that two configs are.
 *
 * @param {TrainingConfig} config of run A
 * @param {TrainingConfig | null} versus of run B
 * @returns {Experiment | null}
 */
export function experimentOf(config, versus) {
    const isSame = (/** @type {TrainingConfig} */ one, /** @type {TrainingConfig} */ other) =>
        Object.keys(one).every(
            (key) =>
                JSON.stringify(/** @type {any} */ (one)[key]) ===
                JSON.stringify(/** @type {any} */ (other)[key]),
        );
    if (!versus) return null;
    return (
        EXPERIMENTS.find((one) => isSame(one.config, config) && isSame(one.versus, versus)) ?? null
    );
}
