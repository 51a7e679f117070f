"""Addresses of the pages, one list a face."""
