"""The tree of places, its levels, units and posts."""
