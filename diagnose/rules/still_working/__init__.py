"""Slow but alive."""
