"""What is typed into surveys."""
