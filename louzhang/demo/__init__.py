"""The demo district: made-up people and matters in real streets, stored through the actions.

It has no tables of its own. Nothing imports it but its own command and the line of `manage.py run`
that prints whom to sign in as.
"""
