"""Pages: each face in a module of its own; a view parses, makes one call, renders."""
