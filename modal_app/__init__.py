"""The endpoint: the engine behind HTTP, on this machine or on Modal."""
