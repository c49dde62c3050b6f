"""What is public about an item that was brought from a spreadsheet and has no words of its own: true, and no more.

Records are written in the languages of a register, whatever language the page is in. No sentence names the file:
offices give their files names that are for themselves.
"""

_TEXTS = {
    "en": {
        "rationale": "Status “{word}” in the column “{column}” of the earlier record from which this was brought.",
        "criteria": (
            "No success criteria were written for this item before its first assessment; it was brought from an "
            "earlier record."
        ),
        "source": "Named as a source in the earlier record from which this was brought.",
        "response": "Response “{word}” in the column “{column}” of the earlier record from which this was brought.",
        "publisher": "Not stated",
    },
    "ko": {
        "rationale": "이 내용을 가져온 이전 기록의 “{column}” 열에 “{word}”로 적혀 있던 상태이다.",
        "criteria": "첫 평가 전에 이 항목의 판정 기준이 작성되지 않았다. 이 항목은 이전 기록에서 가져왔다.",
        "source": "이 내용을 가져온 이전 기록에 자료로 적혀 있다.",
        "response": "이 내용을 가져온 이전 기록의 “{column}” 열에 “{word}”로 적혀 있던 답변이다.",
        "publisher": "적혀 있지 않음",
    },
}


def public_text(kind: str, language: str, **values: str) -> str:
    """A sentence about what the sheet does not say, in a language, or in English if there are no words for that."""
    return _TEXTS.get(language.split("-")[0], _TEXTS["en"])[kind].format(**values)


def has_words(language: str) -> bool:
    """Whether there are sentences in a language."""
    return language.split("-")[0] in _TEXTS
