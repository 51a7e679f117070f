"""Django's PostgreSQL backend with two additions: the embedded server starts on the first connection,
and a connection's health is read from its socket instead of being asked with a query.
"""
