"""Numbers of a page: their layout as a table, corrections, the table widget, saving."""
