"""Pages of a day in the field."""
