"""Finds the runs of a workspace that go nowhere, or closed and lie, diagnoses each, and keeps every verdict at once."""
