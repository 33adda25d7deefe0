"""The engine: finds the wrong part of a program and the smallest edit that mends it."""
