"""Pages held out by kind: papers, pens, digits and layouts that no training uses.

Start with `pages.py`, which names the generators. Nothing here uses `digitus.synthesis`, and
nothing of the package may import this: a page that a training has seen measures nothing.
"""
