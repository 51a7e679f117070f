"""票箱: secret ballots and anonymous star sheets that nobody can join to a person (docs/decisions/0027).

**For apps that hold a poll** (choosing, appraisal, councils):

    from louzhang.ballots.actions import draft_poll, open_poll, withdraw_poll
    from louzhang.ballots.queries.outcomes import outcome_of
    from louzhang.ballots.queries.polls import polls_of
    from louzhang.ballots.rules import Choice, Electorate, Kind, Rules, TieRule

    poll = draft_poll(
        kind=Kind.CHOICE, title="3号楼楼长推选", electorate=Electorate.HOUSEHOLD, areas=[building],
        options=[Choice("王芳", user_id=wang.pk), Choice("李强")], rules=Rules(picks=1, quorum_percent=50),
        counters=[first.pk, second.pk], opens_at=…, closes_at=…, subject_kind="choosing_round", subject_id=round.pk,
        barred=[holder.pk], actor=actor, at=at,
    )

`areas` are places; whatever lies below them votes. `counters` are two accounts, neither a candidate nor `barred` nor
somebody with a field post among those who vote (`InputRefused` on "counters"); a star sheet without paper may have none
and is then counted by the clock. A draft goes on by its own pages (`ballots:one`) and the clock: the roll is shown for
`rules.objection_days`, fixed, opened, closed; two counters confirm and count.

`open_poll(…)` takes the same and opens at once, without showing a roll:

    open_poll(kind=Kind.STARS, title="11月评楼长", electorate=Electorate.HOUSEHOLD, areas=[building],
              questions=["有事找得到人吗", "办事公道吗"], counters=[], closes_at=…, subject_kind="appraisal_month",
              subject_id=month.pk, barred=[chief.pk], actor=actor, at=at)

Its end is an event of kind "poll": **"count"** (payload `to`: "counted" or "tied", `chosen`: item ids), **"draw"** (a
tie broken by lot), **"run_off"** (payload `into`: the new poll's id), **"fail"** (no quorum, nobody chosen, under five
star sheets), **"withdraw"**. A reader: `journal.readers.register(name, "poll", read=…)`; look the poll up by
`event.subject_id` and compare `poll.served_kind`, `poll.served_id`.

`polls_of(subject_kind, subject_id) -> list[Poll]`, newest first. `outcome_of(poll) -> Outcome`: `state`, `is_decided`,
`winners`, `tied`, `lines` (`item_id`, `label`, `user_id`, `votes`, `is_elected`, `mean`, `rated`, `stars`), `entitled`,
`took_part`, `blank`, `invalid`, `is_whole`, `words`. Counts are None under 15 ballots or where all agreed; of stars
`mean` and `rated` stand from 5 answers to a question on, the distribution `stars` from 15.

Pages: `reverse("ballots:one", args=[poll.uid])` at the desk, `reverse("ballots:own", args=[poll.uid])` for who votes,
`reverse("ballots:result", args=[poll.uid])` the result sheet.
"""
