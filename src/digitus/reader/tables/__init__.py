"""Tables on a page: lines that cross, the cells between them, what is struck out."""
