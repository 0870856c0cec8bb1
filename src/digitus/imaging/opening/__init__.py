"""Opening images, multi-page TIFF and PDF, and arrays; decoded upright and grey."""
