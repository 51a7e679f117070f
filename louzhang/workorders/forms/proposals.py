"""A proposal on its way through a form: signed, so that the event of a dispatch can say whether it was followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing

from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.proposals import Proposal

SALT = "louzhang.workorders.proposal"
SECONDS = 24 * 3600
TOKEN_AT_MOST = 2_000


def signed_proposal(proposal: Proposal, order: WorkOrder) -> str:
    """A proposal for one order as a page carries it: its facts and its sentence."""
    said = proposal.facts | {"order": order.pk, "unit_name": proposal.unit.name, "why": proposal.why}
    return signing.dumps(said, salt=SALT, compress=True)


def read_proposal(token: str) -> dict[str, Any] | None:
    """What a page carried; None where it is not ours, or a day old."""
    try:
        said = signing.loads(token, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    return said if isinstance(said, dict) else None


class ProposalField(forms.CharField):
    """The proposal the page showed; what cannot be read any more is as if none had been shown."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=TOKEN_AT_MOST, widget=forms.HiddenInput)

    def clean(self, value: Any) -> Mapping[str, Any] | None:
        """The facts behind the token."""
        token = str(value or "")
        return read_proposal(token) if token and len(token) <= TOKEN_AT_MOST else None
