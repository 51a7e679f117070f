"""值班: who is on duty in the centre and the units, who is called about a red case, and the sign-over between them."""
