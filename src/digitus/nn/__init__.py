"""A neural network written from scratch on NumPy.

The files are the chapters of a textbook: `layers`, `activations`, `losses`, `network`,
`optimizers`, `schedules`; `fitting` holds the training loop, `compiled` optional Numba versions.
Nothing here knows about digits, images or files. Rows are samples; arrays are (n, d).
"""
