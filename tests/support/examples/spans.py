"""Section 5: since when, and how far it had come at its best."""

from domain.codes import Kind, Reason, Status
from tests.support.examples.shapes import ScorecardExample
from tests.support.examples.telling import at, day, just_before, log, publish, reads, register, withdraw

S = Status

confirmed_twice = log(
    register(),
    publish("a1", S.PARTLY, "2023-10", "2023-11-05"),
    publish("a2", S.PARTLY, "2024-02-01", "2024-02-02", Reason.REVIEWED_NO_CHANGE),
    publish("a3", S.PARTLY, "2024-06-01", "2024-06-02", Reason.REVIEWED_NO_CHANGE),
)
interrupted = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-05"),
    publish("a2", S.REVERSED, "2024-02-01", "2024-02-02"),
    publish("a3", S.PARTLY, "2024-06-01", "2024-06-02"),
    publish("a4", S.PARTLY, "2024-08-01", "2024-08-02", Reason.REVIEWED_NO_CHANGE),
)
interruption_withdrawn = log(*interrupted, withdraw("a2", "2024-09-01"))
interruption_found_later = log(
    register(),
    publish("a1", S.PARTLY, "2023-10-01", "2023-10-05"),
    publish("a2", S.PARTLY, "2024-06-01", "2024-06-02", Reason.REVIEWED_NO_CHANGE),
    publish("a3", S.REVERSED, "2024-02", "2024-09-01", Reason.NEW_EVIDENCE),
)
earlier_start_found = log(
    register(),
    publish("a1", S.PARTLY, "2024-02-01", "2024-02-05"),
    publish("a2", S.PARTLY, "2023-11", "2024-06-01", Reason.NEW_EVIDENCE),
)
start_rewritten = log(
    register(),
    publish("a1", S.PARTLY, "2023-10", "2023-11-05"),
    publish("a2", S.PARTLY, "2023-10-01", "2023-12-01", Reason.NEW_EVIDENCE),
    publish("a3", S.PARTLY, "2024-02-01", "2024-02-02", Reason.REVIEWED_NO_CHANGE),
)
start_overruled = log(
    register(),
    publish("a1", S.PARTLY, "2023-10", "2023-11-05"),
    publish("a2", S.ANNOUNCED, "2023-10-01", "2023-12-01", Reason.OUR_CORRECTION),
    publish("a3", S.PARTLY, "2024-02-01", "2024-02-02"),
)
begun_before = log(
    register(),
    publish("a1", S.IN_PROGRESS, "2021", "2023-09-20"),
)
kept_since_long = log(
    register(kind=Kind.CONTINUING),
    publish("a1", S.IN_EFFECT, "2020-05-01", "2023-09-20"),
    publish("a2", S.REVERSED, "2023-09-15", "2023-09-21"),
)
reversed_before = log(
    register(kind=Kind.CONTINUING),
    publish("a1", S.IN_EFFECT, "2020-05-01", "2023-09-20"),
    publish("a2", S.REVERSED, "2023-09-14", "2023-09-21"),
)
refused_then_nothing = log(
    register(),
    publish("a1", S.SUPERSEDED, "2023-10-01", "2023-10-02"),
    publish("a2", S.CONTRARY, "2023-11-01", "2023-11-02"),
    publish("a3", S.NO_ACTION, "2023-12-01", "2023-12-02"),
)
twice_at_the_top = log(
    register(),
    publish("a1", S.ANNOUNCED, "2023-10-01", "2023-10-02"),
    publish("a2", S.IMPLEMENTED, "2023-11", "2023-11-02"),
    publish("a3", S.REVERSED, "2024-01-01", "2024-01-02"),
    publish("a4", S.IMPLEMENTED, "2024-05-01", "2024-05-02"),
)
top_withdrawn = log(*twice_at_the_top, withdraw("a2", "2024-06-01"))
unrated = log(
    register(),
    publish("a1", S.UNVERIFIABLE, "2023-10-01", "2023-10-02"),
    publish("a2", S.SUPERSEDED, "2023-11-01", "2023-11-02"),
)
recommended_in_a_month = log(register(recommended="2023-09"), publish("a1", S.ANNOUNCED, "2023", "2023-09-20"))

EXAMPLES: list[ScorecardExample] = [
    reads(
        "repeating a status keeps its first day, as the first one wrote it",
        confirmed_twice,
        "2024-07-01",
        status=S.PARTLY,
        since="2023-10",
        assessment="a3",
    ),
    reads("a run counts to the day asked for", confirmed_twice, "2024-02-15", since="2023-10", assessment="a2"),
    reads(
        "a run begins anew after another status",
        interrupted,
        "2024-09-01",
        status=S.PARTLY,
        since="2024-06-01",
        assessment="a4",
    ),
    reads("a run before the interruption has its own first day", interrupted, "2024-01-31", since="2023-10-01"),
    reads(
        "an interruption withdrawn joins the runs, at the later K",
        interruption_withdrawn,
        "2024-09-01",
        at("2024-09-01"),
        since="2023-10-01",
        assessment="a4",
    ),
    reads(
        "an interruption withdrawn still parted the runs just before",
        interruption_withdrawn,
        "2024-09-01",
        just_before("2024-09-01"),
        since="2024-06-01",
    ),
    reads(
        "before an interruption was found the run was whole",
        interruption_found_later,
        "2024-07-01",
        just_before("2024-09-01"),
        since="2023-10-01",
    ),
    reads(
        "an interruption found later parts the run, without a later assessment",
        interruption_found_later,
        "2024-07-01",
        at("2024-09-01"),
        status=S.PARTLY,
        since="2024-06-01",
        assessment="a2",
    ),
    reads(
        "an earlier start found later moves the first day",
        earlier_start_found,
        "2024-06-02",
        at("2024-06-01"),
        since="2023-11",
        assessment="a1",
    ),
    reads(
        "an earlier start was not known earlier",
        earlier_start_found,
        "2024-06-02",
        just_before("2024-06-01"),
        since="2024-02-01",
        assessment="a1",
    ),
    reads(
        "a first day rewritten is shown as the one in force on it wrote it",
        start_rewritten,
        "2024-03-01",
        since="2023-10-01",
        assessment="a3",
    ),
    reads(
        "before it was rewritten the first day was a month",
        start_rewritten,
        "2024-03-01",
        just_before("2023-12-01"),
        since="2023-10",
        assessment="a1",
    ),
    reads(
        "an overruled assessment begins no run",
        start_overruled,
        "2024-03-01",
        status=S.PARTLY,
        since="2024-02-01",
        peak=(S.PARTLY, day("2024-02-01")),
    ),
    reads(
        "a run may begin before the recommendation was made",
        begun_before,
        "2023-12-01",
        status=S.IN_PROGRESS,
        since="2021",
        peak=(S.IN_PROGRESS, day("2023-09-14")),
    ),
    reads(
        "a peak already held on the first day counts as reached on it",
        kept_since_long,
        "2024-01-01",
        status=S.REVERSED,
        peak=(S.IN_EFFECT, day("2023-09-14")),
    ),
    reads(
        "what ended before the recommendation was made is no peak",
        reversed_before,
        "2024-01-01",
        status=S.REVERSED,
        peak=(S.REVERSED, day("2023-09-14")),
    ),
    reads(
        "a month of recommending starts the peak on its first day",
        recommended_in_a_month,
        "2023-10-01",
        since="2023",
        peak=(S.ANNOUNCED, day("2023-09-01")),
    ),
    reads(
        "among equal ranks the first reached is the peak",
        refused_then_nothing,
        "2024-01-01",
        status=S.NO_ACTION,
        peak=(S.CONTRARY, day("2023-11-01")),
    ),
    reads(
        "a top reached twice was reached the first time",
        twice_at_the_top,
        "2024-06-01",
        status=S.IMPLEMENTED,
        since="2024-05-01",
        peak=(S.IMPLEMENTED, day("2023-11-01")),
    ),
    reads(
        "a peak lies no later than the day asked for",
        twice_at_the_top,
        "2023-10-31",
        peak=(S.ANNOUNCED, day("2023-10-01")),
    ),
    reads(
        "a peak may be reached on the very day asked for",
        twice_at_the_top,
        "2023-11-01",
        peak=(S.IMPLEMENTED, day("2023-11-01")),
    ),
    reads(
        "a peak withdrawn was never reached, at the later K",
        top_withdrawn,
        "2024-06-02",
        at("2024-06-01"),
        peak=(S.IMPLEMENTED, day("2024-05-01")),
    ),
    reads(
        "a peak withdrawn was one just before",
        top_withdrawn,
        "2024-06-02",
        just_before("2024-06-01"),
        peak=(S.IMPLEMENTED, day("2023-11-01")),
    ),
    reads(
        "statuses without a rank make no peak",
        unrated,
        "2024-01-01",
        status=S.SUPERSEDED,
        since="2023-11-01",
        peak=None,
    ),
]
