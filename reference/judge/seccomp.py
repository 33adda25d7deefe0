"""A filter of system calls for the programs that run."""

FILTER = b""
