"""The page of the figures, its files and its paper."""
