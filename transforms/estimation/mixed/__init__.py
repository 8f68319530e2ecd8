"""Nested random intercepts by REML or ML: likelihood, maximum, inference, predictions."""
