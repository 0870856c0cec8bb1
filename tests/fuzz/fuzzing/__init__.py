"""Mutated files of every format that Digitus reads, and three laws that hold for each."""
