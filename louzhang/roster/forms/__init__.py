"""What is typed into the pages of the roster, one module a part."""
