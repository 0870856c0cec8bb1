"""The sheet of paper in an image: its corners, its skew, the size at which it is read."""
