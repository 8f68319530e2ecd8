"""The report of a build: numbers read from the published tables, worded by rule, drawn and laid out."""
