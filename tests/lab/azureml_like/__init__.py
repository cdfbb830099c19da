"""What a script finds installed: a metric client, and the driver that v1 runs it under."""
