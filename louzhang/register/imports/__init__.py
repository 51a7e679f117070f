"""Reading what communities have in Excel and CSV: headings, places, days, numbers; nothing here asks the database."""
