"""Reports and work orders: the closed loop."""
