"""File formats of labelled images: IDX, CSV, MATLAB, npz, class folders, ZIP; safe pickles."""
