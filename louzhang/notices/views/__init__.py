"""Pages: the inbox on three faces, preferences, notices of a building, channels."""
