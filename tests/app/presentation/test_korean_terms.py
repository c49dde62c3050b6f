"""One Korean word for each notion, in the interface and in the register that Uptake brings, and one level of politeness."""

import csv
import json
import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from app.presentation.i18n.languages import CATALOGUES
from tests.support.repository import ROOT

WORDS = {
    r"\bconfidence\b": "신뢰도",
    r"\bdevelopments?\b": "동향",
    r"\bdeadlines?\b": "기한",
    r"\bfroze|\bfreez": "동결",
    r"\breversed\b": "되돌",
    r"\bscorecards?\b": "평가표|“scorecard” 시트",
    r"\bthemes?\b": "주제",
    r"\bevidence\b": "근거|자료",
    r"\bsuccess criteria\b": "성공 기준",
    r"\bparts? “|\b(?:its|core|deciding) (?:parts?|elements?)\b|\bthe (?:part|element)\b(?! into)": "요소",
    r"(?<!specialised )\bpublications?\b(?! of)": "간행물|공개|게시|발행",
    r"(?<!{)\baddressees?\b": "수신 기관|주관 기관",
    r"\bmoved up\b": "상승",
    r"\bmoved down\b": "하락",
    r"\bthe review\b|\breviews of\b|\bnext review\b": "점검|재검토",
}
"""What an English text speaks of, and the word that its Korean text has for it."""
NOT_WORDS = {
    "증거": "the word of courts; a source is 근거 자료",
    "확신도": "confidence is 신뢰도",
    "진전 사항": "a development may be a setback: 동향",
    "움직임": "a direction is 추이",
    "가장 멀리": "the furthest status is 최고 도달 단계",
    "업테이크": "the name is Uptake",
    "이행 현황": "a scorecard is 평가표",
    "수로 보기": "숫자로 보기",
    "조력 국가": "reads as help: 방조 국가",
    "조력 문제": "reads as help: 방조 문제",
    "현대판 노예제": "현대적 형태의 노예제",
    "북한 노동으로": "북한 노동자가 생산한",
    "사용자에 추가": "who employs is 고용 기업·개인",
}
NOT_WORDS_OF_THE_INTERFACE = {
    "구성 요소": "a part of a recommendation is 요소",
    "구성 부분": "a part of a recommendation is 요소",
    "세부 항목": "a part of a recommendation is 요소",
    "핵심 항목": "a core part is 핵심 요소",
    "부분 “": "a part of a recommendation is 요소",
    "문헌": "a publication is 간행물",
    "출판물": "a publication is 간행물",
    "요청 대상": "an addressee is 수신 기관",
    "대상 기관": "an addressee is 수신 기관",
    "상향": "a status that moved up is 상승",
    "하향": "a status that moved down is 하락",
}
"""The register that Uptake brings may have these words, as its sources do."""
LEGAL_EVIDENCE = re.compile(r"법률·증거|설득력 있는 증거|관련 증거|어떤 증거로|관한 증거")
"""Where the text itself is about proof in a law or a procedure."""
INFORMAL = re.compile(r"(?:[세어아에예네해]요|까요|죠)(?=[.?!”\"]|$)")
WRITTEN = re.compile(r"(?:습니다|십시오|습니까|니까)(?=[.?!])")
REGISTER = ROOT / "registers" / "dprk-enablers"


def interface() -> Iterator[tuple[str, str]]:
    """The English texts and their Korean ones."""
    with (CATALOGUES / "ko.po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                english = message.id if isinstance(message.id, str) else " ".join(message.id)
                yield english, message.string if isinstance(message.string, str) else " ".join(message.string)


def register_texts() -> Iterator[str]:
    settings = json.loads((REGISTER / "register.json").read_text("utf-8"))
    yield from (text for name, text in settings.items() if name.endswith("_ko"))
    yield from (text for review in settings["reviews"] for name, text in review.items() if name.endswith("_ko"))
    for file in sorted(REGISTER.glob("*.csv")):
        for row in csv.DictReader(file.read_text("utf-8").splitlines()):
            yield from (text for name, text in row.items() if name and name.endswith("_ko") and text)


@pytest.mark.parametrize("notion", WORDS)
def test_a_notion_has_one_word_in_the_interface(notion: str) -> None:
    of = [(english, korean) for english, korean in interface() if re.search(notion, english, re.IGNORECASE)]
    assert of, "nothing speaks of it any more"
    assert [pair for pair in of if not re.search(WORDS[notion], pair[1])] == []


def test_no_text_has_a_word_that_was_replaced() -> None:
    texts = [*(korean for _english, korean in interface()), *map(str, register_texts())]
    wrong = [(word, text) for text in texts for word in NOT_WORDS if word in LEGAL_EVIDENCE.sub("", text)]
    assert wrong == []
    words = NOT_WORDS_OF_THE_INTERFACE
    assert [(word, korean) for _english, korean in interface() for word in words if word in korean] == []


def test_the_interface_is_formal_and_the_record_written() -> None:
    assert [korean for _english, korean in interface() if INFORMAL.search(korean)] == []
    assert [text for text in register_texts() if INFORMAL.search(text) or WRITTEN.search(text)] == []


def test_titles_and_texts_of_the_register_are_translated() -> None:
    missing = [
        (file.name, name, number)
        for file in sorted(REGISTER.glob("*.csv"))
        for number, row in enumerate(csv.DictReader(file.read_text("utf-8").splitlines()), 2)
        for name, text in row.items()
        if name and name.endswith("_ko") and name != "short_name_ko" and row[name.removesuffix("_ko")] and not text
    ]
    assert missing == []
