"""Sources of MNIST: mirrors and registry packages, each verified by hash."""
