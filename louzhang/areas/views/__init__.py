"""Pages of this app, one module for each part of the desk."""
