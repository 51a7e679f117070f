"""The states of each part as tables of transitions; one module a part."""
