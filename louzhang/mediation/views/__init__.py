"""Pages of mediation, one module a side."""
