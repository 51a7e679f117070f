"""Pages of one's own account: signing in and out, devices, tokens, password."""
