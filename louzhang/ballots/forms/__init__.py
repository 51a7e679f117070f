"""What people type and tap: ballots, objections, totals of paper, reasons."""
