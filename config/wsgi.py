"""The way in for the web server; it acts as the role `web`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOUZHANG_ROLE", "web")

application = get_wsgi_application()
