"""The network address of whoever asks, as far as it can be trusted."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV6_HOME = 64  # one household has a whole /64


def client_address(request: HttpRequest) -> str:
    """The peer, or behind our own proxy the last address it has written down; "" when unknown.

    Only the last entry of X-Forwarded-For is the proxy's; what stands before it anybody can send.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):
        told = request.headers.get("X-Forwarded-For", told).rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return ""


def neighbourhood(address: str) -> str:
    """What counts as one address for a limit: an IPv4 address, or the /64 of an IPv6 one."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_HOME}", strict=False).network_address)


def axes_address(request: HttpRequest) -> str | None:
    """What django-axes stores beside a failed sign-in."""
    return client_address(request) or None
