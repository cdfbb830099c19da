"""Something failed and was swallowed or only logged; nothing that the service watches said so."""
