"""What is typed about honours: proposing, deciding, kinds, bonuses, letters."""
