"""The self-assessment of professional learning: the instrument, its forms, and reading them back."""
