"""Small whole files, from which mutated ones are made."""
