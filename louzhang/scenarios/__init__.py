"""Courses of events played through the actions, each in a schema of its own and with its own clock.

A scenario shows that the product does what the handbook's places do by hand, and counts what came of it.
"""
