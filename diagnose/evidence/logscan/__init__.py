"""How the logs are read: streamed once, in blocks, with every pattern searched for and every line dated."""
