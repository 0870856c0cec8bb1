/** The names of activation functions in sentences, by the kind of their layer. */

/** @type {Readonly<Record<string, string>>} */
export const ACTIVATION_NAMES = Object.freeze({
    relu: "ReLU",
    leaky_relu: "leaky ReLU",
    tanh: "tanh",
    sigmoid: "sigmoid",
});
