"""Reading the roster, one module a part."""
