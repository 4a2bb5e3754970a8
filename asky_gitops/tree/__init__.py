"""What a stack becomes on disk: every file name, and who owns which file."""
