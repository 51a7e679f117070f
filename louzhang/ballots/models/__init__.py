"""Tables of the ballot box."""
