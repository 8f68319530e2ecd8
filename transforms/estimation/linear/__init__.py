"""Least squares and fixed effects."""
