"""The neural network, written from scratch on NumPy: the calculus of the textbook, readable.

Nothing here knows of digits, images or files. Rows are samples; shapes are (n, d).
"""
