"""Random distortion of training images. Start with `augmentation.py`."""
