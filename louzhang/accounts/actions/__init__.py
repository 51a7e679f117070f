"""Verbs on people, devices, codes and tokens."""

from louzhang.accounts.actions.people import end_person, register_person, rename_person
from louzhang.accounts.actions.signing_in import (
    SignedIn,
    end_device,
    issue_sign_in_code,
    sign_in_device,
    sign_in_with_code,
)
from louzhang.accounts.actions.tokens import end_api_token, make_api_token

__all__ = [
    "SignedIn",
    "end_api_token",
    "end_device",
    "end_person",
    "issue_sign_in_code",
    "make_api_token",
    "register_person",
    "rename_person",
    "sign_in_device",
    "sign_in_with_code",
]
