"""Training a network: the loop, its callbacks, saving and resuming. Read `trainer` first."""
