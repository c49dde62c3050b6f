"""The statements that read standings, made once."""

from sqlalchemy import and_, bindparam, func, or_, select

from projections.scorecards.tables import assessments, deadlines, earlier_items, items, spans

DEADLINE_COLUMNS = (deadlines.c.deadline, deadlines.c.due_on, deadlines.c.stated_on, deadlines.c.stated_by)
IN_FORCE = and_(
    *(spans.c.effective_to > bindparam("day"), spans.c.effective_from <= bindparam("day")),
    *(spans.c.known_from <= bindparam("instant"), spans.c.known_to > bindparam("instant")),
)
ALL_STANDINGS = (
    select(
        *(spans, items.c.recommendation, items.c.element, items.c.kind, items.c.theme),
        *(assessments.c.assessment, *DEADLINE_COLUMNS),
    )
    .join(items, items.c.item_no == spans.c.item_no)
    .outerjoin(assessments, assessments.c.assessment_no == spans.c.assessment_no)
    .outerjoin(deadlines, deadlines.c.deadline_no == spans.c.deadline_no)
    .where(spans.c.register_no == bindparam("register_no"), spans.c.level == bindparam("level"), IN_FORCE)
)
STANDINGS_OF = (
    select(
        *(items.c.recommendation, items.c.element, items.c.rec_no),
        *(func.coalesce(earlier_items.c[name], items.c[name]).label(name) for name in ("kind", "theme", "core")),
        *(spans.c[name] for name in ("level", "code", "since", "since_on", "assessment_no", "motion", "confidence")),
        *(spans.c[name] for name in ("review_by", "peak", "peak_on", "first_done", "due")),
        *(assessments.c.assessment, *DEADLINE_COLUMNS),
    )
    .select_from(items)
    .outerjoin(
        spans,
        and_(spans.c.rec_no == items.c.rec_no, spans.c.item_no == items.c.item_no, spans.c.level != 1, IN_FORCE),
    )
    .outerjoin(assessments, assessments.c.assessment_no == spans.c.assessment_no)
    .outerjoin(deadlines, deadlines.c.deadline_no == spans.c.deadline_no)
    .outerjoin(
        earlier_items,
        and_(
            *(earlier_items.c.item_no == items.c.item_no, earlier_items.c.known_to > bindparam("instant")),
            earlier_items.c.known_from <= bindparam("instant"),
        ),
    )
    .where(
        *(
            items.c.register_no == bindparam("register_no"),
            items.c.recommendation.in_(bindparam("names", expanding=True)),
        ),
        or_(items.c.element == "", items.c.known_from <= bindparam("instant")),
    )
    .order_by(items.c.item_no)
)
"""Each of some recommendations, and each of its elements, with its span if it has one, as described at an instant."""
