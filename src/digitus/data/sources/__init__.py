"""Where MNIST comes from: mirrors and registry packages, each verified."""
