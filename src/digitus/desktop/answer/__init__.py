"""The answer: digit, confidence, ten bars, and the patch that the network got."""
