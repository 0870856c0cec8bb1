"""File formats of labelled images: IDX, CSV, MATLAB, npz and class folders; safe pickles."""
