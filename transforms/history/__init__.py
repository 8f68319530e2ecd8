"""What a published database remembers of the reports before it."""
