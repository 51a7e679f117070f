"""Reading polls: who may know of which, who is on a roll, what came out."""
