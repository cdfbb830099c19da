"""Metrics or logs that the script issued never reached the service."""
