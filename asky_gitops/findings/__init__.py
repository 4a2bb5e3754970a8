"""What happens to findings between the engine and a format: all pure."""
