"""What makes the numbers of a page doubtful: extra ones of a row, fraction bars, pages of text."""
