"""The Django project: settings, addresses, the way in for the web server, reading of the environment."""
