"""The texts that a line may have: beam search, and the probability of each."""
