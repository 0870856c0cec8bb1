"""Drawing: strokes, the canvas, and the recognition of what was drawn."""
