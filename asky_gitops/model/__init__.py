"""The values every step passes on: frozen dataclasses, the standard library only."""
