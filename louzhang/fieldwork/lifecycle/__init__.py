"""The states of rounds, work logs and errands, as tables of transitions; one module a part."""
