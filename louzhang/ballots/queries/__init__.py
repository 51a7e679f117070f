"""Reading rolls and outcomes; never who voted what."""
