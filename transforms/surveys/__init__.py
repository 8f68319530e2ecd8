"""Surveys: scale scores, reliability, agreement, response, change."""
