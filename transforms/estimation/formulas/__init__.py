"""The parts of a formula as SQL: its syntax, the functions in it, its factors, its columns."""
