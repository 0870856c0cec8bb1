"""File formats of labelled images: IDX, MATLAB, npz, CSV, class folders."""
