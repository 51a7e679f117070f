"""Pages of the duty lists: planning them, signing over."""
