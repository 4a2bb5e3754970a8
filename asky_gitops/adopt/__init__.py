"""Manifests that people have become what the spec can say, patches of the user's own, and a report: pure."""
