"""What the benchmarks of whole pages share: readers side by side, scores, sheets of mistakes."""
