"""What is typed in a day in the field."""
