"""What goes out: which figures count persons, what is hidden, and proof that it stays hidden."""
