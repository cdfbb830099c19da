"""Puts a report where it is wanted."""
