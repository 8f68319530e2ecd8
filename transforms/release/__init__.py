"""What goes out: which figures of the report count persons, what is hidden, and proof that it stays hidden."""
