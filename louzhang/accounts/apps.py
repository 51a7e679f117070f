"""Registers the app with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who sign in: person, devices, tokens."""

    name = "louzhang.accounts"
    label = "accounts"
    verbose_name = "账号"
