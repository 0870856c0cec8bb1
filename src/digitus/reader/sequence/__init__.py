"""Reading a line image: over-segmentation, sequence network, lattice, decoding.

Read `line_reader.py` first.
"""
