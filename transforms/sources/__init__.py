"""Source files in, landed text out: one module a format."""
