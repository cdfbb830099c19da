"""The lab: executes scripts as the service would, and keeps what the service would have kept."""
