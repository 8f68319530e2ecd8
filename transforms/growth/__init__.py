"""Growth of students: percentiles among those with the same past, and what teachers and schools add."""
