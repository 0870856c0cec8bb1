"""Whole images of one digit or of several, with what is seldom in a patch: paper, specks, gaps."""
