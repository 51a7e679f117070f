"""What is typed into the register, one form an act; `acts` is the table of them all."""
