"""What is public about an item that was brought from a spreadsheet and has no words of its own: true, and no more.

Records are written in the languages of a register, whatever language the page is in.
"""

_TEXTS = {
    "en": {
        "rationale": "Status “{word}” in the column “{column}” of {file}, brought from an earlier record.",
        "criteria": (
            "No success criteria were written for this item before its first assessment; it was brought from an "
            "earlier record."
        ),
        "source": "Named as a source in {file}, brought from an earlier record.",
        "response": "Response “{word}” in the column “{column}” of {file}, brought from an earlier record.",
        "publisher": "Not stated",
        "file": "the file “{name}”",
        "pasted": "a table",
    },
    "ko": {
        "rationale": "이전 기록에서 가져온 {file}의 “{column}” 열에 “{word}”로 적혀 있던 상태이다.",
        "criteria": "첫 평가 전에 이 항목의 판정 기준이 작성되지 않았다. 이 항목은 이전 기록에서 가져왔다.",
        "source": "이전 기록에서 가져온 {file}에 자료로 적혀 있다.",
        "response": "이전 기록에서 가져온 {file}의 “{column}” 열에 “{word}”로 적혀 있던 답변이다.",
        "publisher": "적혀 있지 않음",
        "file": "파일 “{name}”",
        "pasted": "표",
    },
}


def public_text(kind: str, language: str, file: str = "", **values: str) -> str:
    """A sentence about what the sheet does not say, in a language, or in English if there are no words for that.

    `file` is the name of the file; empty for pasted cells.
    """
    texts = _TEXTS.get(language.split("-")[0], _TEXTS["en"])
    where = texts["file"].format(name=file) if file else texts["pasted"]
    return texts[kind].format(file=where, **values)


def has_words(language: str) -> bool:
    """Whether there are sentences in a language."""
    return language.split("-")[0] in _TEXTS
