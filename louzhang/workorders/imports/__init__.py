"""Rows of files from outside turned into drafts: another system's history, and reports of today."""
