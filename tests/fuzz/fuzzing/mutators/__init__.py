"""Changes of a file, each by a random generator alone."""
