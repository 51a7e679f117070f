"""Reading what concerns posted cadres."""
