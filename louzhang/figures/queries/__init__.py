"""Reading the figures: chains for the roll-ups, rows for pages and programs."""
