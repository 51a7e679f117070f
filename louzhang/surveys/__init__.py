"""排查问卷: a whole community asked in two hours, and asked no more than needed (handbook R1, R8)."""
