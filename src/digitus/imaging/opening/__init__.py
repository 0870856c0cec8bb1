"""Opening files: images, multi-page TIFF and PDF, arrays; decoded upright and grey."""
