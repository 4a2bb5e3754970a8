"""The command line: one lazy module a verb, no logic."""
