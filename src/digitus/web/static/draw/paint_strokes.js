/** Paint strokes as joined lines with round ends, as `imaging/strokes.js` renders them. */

/** @typedef {import("../imaging/strokes.js").Drawing} Drawing */

/**
 * Paint a drawing over the whole of a canvas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {string} color of the ink
 */
export function paintStrokes(context, drawing, color) {
    const scale = context.canvas.width / drawing.width;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.strokeStyle = color;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of drawing.strokes) {
        if (stroke[0].length > 2) paintPressed(context, stroke, drawing.penPx);
        else paintEven(context, stroke, drawing.penPx);
    }
}

/**
 * Paint a stroke of one width; a single point is a dot.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} stroke
 * @param {number} penPx
 */
function paintEven(context, stroke, penPx) {
    context.lineWidth = penPx;
    context.beginPath();
    context.moveTo(stroke[0][0], stroke[0][1]);
    for (const [x, y] of stroke.length > 1 ? stroke.slice(1) : stroke) context.lineTo(x, y);
    context.stroke();
}

/**
 * Paint a stroke of varying width; each line is as wide as its wider end.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} stroke
 * @param {number} penPx
 */
function paintPressed(context, stroke, penPx) {
    const ends = stroke.length > 1 ? stroke.slice(1) : stroke;
    ends.forEach((here, i) => {
        const before = stroke[i];
        context.lineWidth = penPx * Math.max(before[2], here[2]);
        context.beginPath();
        context.moveTo(before[0], before[1]);
        context.lineTo(here[0], here[1]);
        context.stroke();
    });
}
