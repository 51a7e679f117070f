"""Pages of the roster, one module a part."""
