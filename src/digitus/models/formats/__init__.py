"""Other programs' files: Theta, npy, npz, pickle, ONNX. Read `import_export.py` first."""
