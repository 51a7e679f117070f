"""Base templates, components, static files and the commands that run the place; no domain words."""
