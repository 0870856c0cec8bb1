"""Reading of line images: over-segmentation, sequence network, lattice, decoding.

The ink of a line is cut wherever two digits may meet. Ranges of ink between two cuts are the arcs
of a lattice; they are scored by the sequence network and the single-digit model, and beam search
finds the likeliest text (Y. LeCun, L. Bottou, Y. Bengio, P. Haffner 1998, sections V and VI).
Read `line_reader.py` first.
"""
