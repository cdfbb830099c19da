"""Incident tickets: one small protocol, one file for each system, and one way of attaching that serves them all."""
