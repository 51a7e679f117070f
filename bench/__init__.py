"""Repeatable measurements: every figure stands beside the floor of the same run."""
