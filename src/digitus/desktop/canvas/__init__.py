"""Drawing: the strokes and the canvas."""
