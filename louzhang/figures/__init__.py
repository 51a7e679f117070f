"""Figures: two daily roll-ups of the orders, fed by the journal, and the pages that read them."""
