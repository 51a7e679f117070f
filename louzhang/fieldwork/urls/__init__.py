"""Addresses of rounds, work logs, errands and handovers, one list a part, included at the root."""
