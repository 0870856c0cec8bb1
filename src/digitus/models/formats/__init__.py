"""Other programs' files: Theta, npy, npz, pickle, ONNX. Read `foreign.py` first."""
