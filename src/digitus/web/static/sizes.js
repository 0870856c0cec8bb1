/** Sizes of MNIST's images: what every network of the page takes, and what it tells apart. */

/** Side of a patch in pixels. */
export const SIDE_PX = 28;
/** Pixels of a patch: the inputs of a network. */
export const PIXELS = SIDE_PX * SIDE_PX;
/** The classes, digits 0 to 9; a network with one more output names "not a digit" with it. */
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Number of classes. */
export const CLASSES = DIGITS.length;
