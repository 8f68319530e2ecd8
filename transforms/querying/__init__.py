"""Statements that evaluators write, on a published database that they cannot leave or change."""
