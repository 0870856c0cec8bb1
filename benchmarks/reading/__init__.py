"""Shared by the benchmarks of whole pages: other readers, scores, sheets of mistakes."""
