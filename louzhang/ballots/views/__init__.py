"""Pages of the ballot box."""
