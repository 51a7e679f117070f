"""What pages of the desk share: who may open them, and the page of a form.

Nothing an elector does goes through here.
"""

from __future__ import annotations

from functools import partial

from louzhang.accounts.gates import signed_in
from louzhang.register.views import acts

for_people = signed_in
act = partial(acts.act, template="ballots/desk/act.html")
