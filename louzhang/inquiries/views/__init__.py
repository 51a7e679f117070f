"""Pages of the questions, one module a side."""
