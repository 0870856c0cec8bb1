"""The HTTP interface: what each address takes and answers."""
