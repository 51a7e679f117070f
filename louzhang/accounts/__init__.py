"""People who sign in: person, devices, tokens."""
