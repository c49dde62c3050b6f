"""What is stored for an item without success criteria, if criteria are approved on import."""

from collections.abc import Sequence

from msgspec.structs import replace

from domain.values import SuccessCriteria

MISSING_CRITERIA = SuccessCriteria(
    counts="No card was written for this item before its first assessment.",
    does_not_count="No card was written for this item before its first assessment.",
    translations={
        "ko": {
            "counts": "첫 평가 전에 이 항목의 판정 기준표가 작성되지 않았다.",
            "does_not_count": "첫 평가 전에 이 항목의 판정 기준표가 작성되지 않았다.",
        }
    },
)


def missing_criteria(element: str, languages: Sequence[str]) -> SuccessCriteria:
    """The placeholder for an item without success criteria, with its translations into the register's languages."""
    translations = {code: texts for code, texts in MISSING_CRITERIA.translations.items() if code in languages[1:]}
    return replace(MISSING_CRITERIA, element=element, translations=translations)
