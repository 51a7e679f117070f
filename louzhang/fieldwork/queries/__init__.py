"""Reading a day in the field."""
