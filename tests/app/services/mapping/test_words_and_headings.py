"""Words and headings of offices, in the languages that they are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.presentation.i18n.labels import CAUSE, CONFIDENCE, KIND, MOTION, POSITION, STATUS
from app.presentation.i18n.translation import LazyText, catalogue
from app.services.mapping.fields import FIELDS
from app.services.mapping.headings import guess_heading
from app.services.mapping.hosts import find_addresses, guess_source_class, host_of
from app.services.mapping.near_names import MAX_PAIRS, compare_names, find_near_names
from app.services.mapping.text_language import guess_language
from app.services.mapping.words import guess_word

STATUS_WORDS = {
    "implemented": "Completed; complete; DONE; Implemented; Fully implemented; 이행; 완료; umgesetzt; mise en œuvre; cumplida",
    "partly": "Partially implemented; partially; partial; 일부 이행; teilweise umgesetzt; partiellement mise en œuvre; parcial",
    "in_progress": "In progress; IN PROGRESS; Ongoing; Started; Underway; 추진 중; 추진중; in Umsetzung; en cours; en curso",
    "announced": "Announced; Planned; Accepted in principle; 예정; geplant; prévu; previsto",
    "no_action": "Not started; No action; Not implemented; 미이행; nicht begonnen; non commencé; sin iniciar",
    "superseded": "Withdrawn; Superseded; No longer relevant; 철회; überholt; obsolète; obsoleta",
    "unverifiable": "Cannot be determined; unclear; 확인 불가; unklar",
    "leave_out": "n/a; N/A; -; 해당 없음; Not assessed",
}


@pytest.mark.parametrize(
    ("code", "word"), [(code, word.strip()) for code, words in STATUS_WORDS.items() for word in words.split(";")]
)
def test_a_word_for_a_status(code: str, word: str) -> None:
    assert guess_word("status", word) == code


@pytest.mark.parametrize("word", ["?", "Delayed", "Closed", "Accepted", "amber", "see annex", "", "Implemented?"])
def test_words_that_can_mean_two_things_are_not_guessed(word: str) -> None:
    assert guess_word("status", word) is None


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        *(("priority", "high", "yes"), ("priority", "X", "yes"), ("priority", "1", "yes"), ("priority", "low", "no")),
        *(("response", "Supported", "accepts"), ("response", "주목", "notes"), ("response", "수용", "accepts")),
        *(("response", "Partially accepted", "accepts_in_part"), ("response", "Rejected", "rejects")),
        *(("kind", "one-off", "one_off"), ("confidence", "낮음", "low")),
    ],
)
def test_a_word_of_another_field(field: str, word: str, code: str) -> None:
    assert guess_word(field, word) == code


@pytest.mark.parametrize(
    ("field", "labels"),
    [("kind", KIND), ("cause", CAUSE), ("motion", MOTION), ("confidence", CONFIDENCE), ("response", POSITION)],
)
def test_codes_and_labels_of_uptake_are_known_in_both_languages(field: str, labels: dict[str, LazyText]) -> None:
    for code, label in labels.items():
        for word in (str(code), label.text, catalogue("ko").gettext(label.text)):
            assert guess_word(field, word) == code


def test_labels_of_statuses_are_known_in_both_languages() -> None:
    for code, label in STATUS.items():
        expected = "leave_out" if code == "not_assessed" else code
        for word in (str(code), label.text, label.text.upper(), catalogue("ko").gettext(label.text)):
            assert guess_word("status", word) == expected


@pytest.mark.parametrize(
    ("heading", "field", "on", "language"),
    [
        ("Status 2022", "status", "2022", ""),
        ("2023 status", "status", "2023", ""),
        ("Status (March 2024)", "status", "2024-03", ""),
        ("상태 2023", "status", "2023", ""),
        ("2023년 이행 상황", "status", "2023", ""),
        ("Status 2023/24", "status", "2024", ""),
        ("Q3 2024 status", "status", "2024-09", ""),
        ("Status at 30.09.2025", "status", "2025-09-30", ""),
        ("Title (Korean)", "title", "", "ko"),
        ("권고 내용(영문)", "title", "", "en"),
        ("Responsible Ministry / Department", "addressees", "", ""),
        ("담당 부처", "addressees", "", ""),
        ("Maßnahme", "title", "", ""),
        ("Échéance", "deadline", "", ""),
        ("Our internal comments", "note", "", ""),
        ("Wozu", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_heading(heading: str, field: str, on: str, language: str) -> None:
    guess = guess_heading(heading)
    assert (guess.field, guess.on, guess.language) == (field, on, language)


def test_every_field_is_known_by_its_own_label_in_both_languages() -> None:
    for key, field in FIELDS.items():
        for heading in (key, field.label.text, catalogue("ko").gettext(field.label.text)):
            assert guess_heading(heading).field == key, heading


@given(st.text(max_size=60))
def test_any_heading_has_a_known_field_or_none(text: str) -> None:
    assert guess_heading(text).field in {*FIELDS, "note", ""}


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("Ministry of Justice", "Minstry of Justice", "same"),
        ("Ministry of Justice", "Min. of Justice", "same"),
        ("Ministry of Justice", "MOJ", "same"),
        ("U.S. Agency for International Development", "USAID", "same"),
        ("Treasury", "Department of the Treasury", "same"),
        ("Dir. of Procurement", "Directorate of Procurement", "same"),
        ("Roads Authority", "Road Authority", "same"),
        ("Office of the Ombudsman", "Ombudsman", "same"),
        ("Directorate of Education", "Directorate of Education, Buildings", "part"),
        ("법무부", "법무부 인권국", "part"),
        ("보건복지부", "보건 복지부", "same"),
        ("Ministry of Justice", "Ministry of Justice and Home Affairs", "different"),
        ("Ministry of Justice", "Ministry of Health", ""),
        ("Agency 1", "Agency 2", ""),
        ("Chamber A", "Chamber B", ""),
        ("Report 3/2023", "Report 4/2023", ""),
    ],
)
def test_two_names(one: str, other: str, answer: str) -> None:
    assert compare_names(one, other) == answer
    assert [pair.answer for pair in find_near_names({one: 2, other: 1})] == ([answer] if answer else [])


def test_a_body_is_called_by_its_full_title() -> None:
    (pair,) = find_near_names({"Treasury": 9, "Department of the Treasury": 1})
    assert pair.first == "Department of the Treasury"


def test_spellings_in_capitals_are_no_question() -> None:
    assert find_near_names({"Ministry of Justice": 3, "MINISTRY OF  JUSTICE.": 1}) == ()


def test_ten_thousand_names_give_a_few_hundred_pairs() -> None:
    names = {f"Ministry of thing{n} and work{n}": 1 for n in range(5_000)}
    names |= {f"Min. of thing{n} and work{n}": 1 for n in range(5_000)}
    assert len(find_near_names(names)) == MAX_PAIRS


def test_addresses_in_a_cell() -> None:
    assert find_addresses("https://example.org/a\nhttps://example.org/b") == (
        "https://example.org/a",
        "https://example.org/b",
    )
    assert find_addresses("see (www.example.org/x).") == ("https://www.example.org/x",)
    assert find_addresses("example.org/gazette") == ("https://example.org/gazette",)
    assert find_addresses("Circular 14, p. 3") == ()
    assert host_of("https://WWW.Example.org:8080/x") == "example.org"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("justice.gov.uk", "official"), ("moj.go.kr", "official"), ("whitehouse.gov", "official"), ("example.org", "")],
)
def test_the_class_of_a_host(host: str, expected: str) -> None:
    assert guess_source_class(host) == expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Publish the list of all contracts and report on it", "en"),
        ("Die Liste der Verträge ist zu veröffentlichen und das Parlament zu unterrichten", "de"),
        ("Publier la liste de tous les contrats et en informer le parlement", "fr"),
        ("Publicar la lista de los contratos y rendir cuentas en el parlamento", "es"),
        ("북한 인권 특사를 임명할 것", "ko"),
        ("12.1", "en"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert guess_language([text]) == language
