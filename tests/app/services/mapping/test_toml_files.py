"""`mapping.toml`: what is written is read back, and every problem of a file is said at once, with its line."""

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.services.mapping.fields import FIELDS
from app.services.mapping.guesses import Guess, with_safe_answers
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.toml_files import read_mapping, write_mapping
from app.services.mapping.toml_writing import quote
from app.services.mapping.types import (
    Choices,
    HostChoice,
    MappedColumn,
    NameChoice,
    NewRegister,
    PublicationChoice,
    SheetMapping,
)
from domain.codes import SourceClass, Status
from domain.errors import Refused
from tests.support.sheets import audit_follow_up, plain_tracker

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
dates = st.sampled_from(["", "2024", "2024-05", "2024-05-20"])
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
letters = st.from_regex(r"[A-Z]{1,2}", fullmatch=True)
columns = st.lists(
    st.builds(
        MappedColumn,
        column=letters,
        heading=texts,
        field=st.sampled_from([*FIELDS, "note", "leave_out", ""]),
        separator=texts,
        language=st.sampled_from(["", "ko", "pt-BR"]),
        on=dates,
    ),
    unique_by=lambda column: column.column,
    max_size=6,
).map(tuple)
names = st.dictionaries(
    texts, st.builds(NameChoice, id=ids, name=texts, parent=st.one_of(st.just(""), ids)), max_size=5
)
publications = st.builds(PublicationChoice, id=ids, title=texts, publisher=texts, published_on=dates, url=texts)
mappings = st.builds(
    SheetMapping,
    sheet=texts,
    header_rows=st.sampled_from([(), (1,), (3, 4)]),
    encoding=texts,
    separator=texts,
    date_order=st.sampled_from(["", "dmy", "mdy", "ymd"]),
    heading_rows=st.sampled_from(["", "theme", "note", "leave_out"]),
    sub_rows=st.sampled_from(["", "part", "recommendation", "leave_out"]),
    legacy=st.booleans(),
    columns=columns,
    words=st.dictionaries(
        st.just("status"), st.dictionaries(texts, st.sampled_from([*map(str, Status), "", "leave_out"]), max_size=5)
    ),
    bodies=names,
    themes=names,
    publications=st.dictionaries(texts, publications, max_size=3),
    hosts=st.dictionaries(
        texts,
        st.builds(HostChoice, source_class=st.sampled_from([*map(str, SourceClass)]), publisher=texts),
        max_size=4,
    ),
    publication=st.one_of(st.none(), publications),
    register=st.one_of(
        st.none(),
        st.builds(
            NewRegister,
            title=texts,
            time_zone=st.just("Asia/Seoul"),
            languages=st.sampled_from([("en",), ("ko", "en")]),
        ),
    ),
    choices=st.builds(Choices, theme=texts, kind=st.sampled_from(["", "one_off"]), status_on=dates, source=texts),
)


@given(mappings)
def test_every_mapping_is_read_back(mapping: SheetMapping) -> None:
    guess = Guess(mapping=mapping)
    assert read_mapping(write_mapping(guess)) == with_safe_answers(guess)


@given(texts)
def test_any_text_can_be_quoted(text: str) -> None:
    assert tomllib.loads(f"value = {quote(text)}\n[key]\n{quote(text)} = 1") == {"value": text, "key": {text: 1}}


@pytest.mark.parametrize("workbook", [plain_tracker(), audit_follow_up()], ids=lambda book: book.name)
def test_a_guess_is_read_back(workbook) -> None:
    guess = guess_mapping(workbook)
    assert read_mapping(write_mapping(guess)) == with_safe_answers(guess)


def test_comments_say_what_to_check() -> None:
    text = write_mapping(guess_mapping(audit_follow_up()))
    for comment in (
        "# - Column J, “Comments”: Please choose. Free text; rows: 2, characters of the longest: 32.\n",
        "# - The kind is missing. Rows: 4. Assumed: one-off.\n",
        "# 1 dates such as 03/04/2024 can be read in two ways. By 2 other dates that can be read in one way only.",
        "# By the heading; different values: 2. For example: Report 3/2023; Report 1/2024\n",
        '"Not started" = "no_action"  # 3×\n',
        "# Look alike: “Directorate of Procurement” and “Dir. of Procurement”. Written here as same.\n",
    ):
        assert comment in text


def test_a_new_column_is_marked() -> None:
    saved = guess_mapping(plain_tracker()).mapping
    saved = structs.replace(saved, columns=tuple(c for c in saved.columns if c.heading != "Link"))
    text = write_mapping(guess_mapping(plain_tracker(), saved=saved))
    assert text.count("# New: the last file did not have this column.\n") == 1


def test_names_and_hosts_can_be_written_short() -> None:
    mapping = read_mapping('[bodies]\n"Court" = "court"\n[hosts]\n"a.example" = "news"\n')
    assert mapping.bodies == {"Court": NameChoice(id="court")}
    assert mapping.hosts == {"a.example": HostChoice(source_class="news")}


PROBLEMS = """\
version = 1
header_rows = ["4"]
date_order = "american"
legal = true
sub_rows = "parts"

[[columns]]
column = "3"
heading = "No."
field = "numbr"

[[columns]]
column = "B"
field = "title"
colour = "red"

[[columns]]
column = "b"
heading = "Theme"
on = "May 2024"

[words.status]
"Done" = "implementd"
"Sort of" = 3

[words.colour]
"red" = "x"

[bodies]
"Court" = { id = "The Court", parents = "justice" }
"Police" = 4

[hosts]
"a.example" = "blog"

[register]
title = "Ours"
time_zone = "Berlin"
languages = ["english please"]

[choices]
kind = "once"
recommended_on = "soon"
"""


def test_every_problem_is_said_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        read_mapping(PROBLEMS)
    assert [str(sentence) for sentence in refused.value.refusals] == [
        "Line 2, header_rows: write one or two row numbers in brackets, such as [4].",
        "Line 3, date_order: “american” is not known. Use one of these: dmy, mdy, ymd.",
        "Line 4: there is no “legal” here. Did you mean “legacy”?",
        "Line 5, sub_rows: “parts” is not known. Did you mean “part”?",
        "Line 8, column: write the letters of a column, such as “C”.",
        "Line 10, field: “numbr” is not known. Did you mean “number”?",
        "Line 12, columns.1: “heading” is missing. Add it.",
        "Line 15: there is no “colour” here. Did you mean “column”?",
        "Line 18: column b is in the file twice. Delete one.",
        "Line 20, on: “May 2024” is not a date. Write “2024”, “2024-05” or “2024-05-20”.",
        "Line 23, Done: “implementd” is not known. Did you mean “implemented”?",
        "Line 24, Sort of: “3” is not known. Use one of these: not_assessed, no_action, contrary, announced, in_progress, partly, implemented, in_effect, reversed, superseded, unverifiable, leave_out.",
        "Line 26: there is no “colour” here. Delete it, or use one of these: status, kind, priority, confidence, cause, motion, response.",
        "Line 30, id: “The Court” is not an id. Use at most 80 lower-case letters, digits and hyphens.",
        "Line 30: there is no “parents” here. Did you mean “parent”?",
        "Line 31, bodies.Police: write a table that begins with [bodies.Police].",
        "Line 34, source_class: “blog” is not known. Use one of these: official, official_repost, record, primary, news, trade_press, analysis, repost, aggregator, general_knowledge, null_search, unclassified.",
        "Line 38, time_zone: “Berlin” is not known. Did you mean “Europe/Berlin”?",
        "Line 39, languages: write the code of a language, such as “en” or “ko”.",
        "Line 42, kind: “once” is not known. Use one of these: one_off, continuing, outcome, restraint.",
        "Line 43, recommended_on: “soon” is not a date. Write “2024”, “2024-05” or “2024-05-20”.",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'sheet = "a"\nsheet = "b"\n',
            "Line 2: this key or table is in the file twice. Delete one of the two.",
        ),
        (
            "[words.status]\n[words.status]\n",
            "Line 2: this key or table is in the file twice. Delete one of the two.",
        ),
        (
            "version = 1\nsheet = Tracker\n",
            "Line 2 cannot be read as TOML. Check that texts are in quotes and brackets are closed.",
        ),
        (
            'version = 1\nsheet = """Tracker\n',
            "Line 3 cannot be read as TOML. Check that texts are in quotes and brackets are closed.",
        ),
        ("version = 2\n", "Line 1, version: this version of Uptake reads version 1 only."),
        ("columns = 4\n", "Line 1, columns: write a table that begins with [[columns]]."),
        ("legacy = 1\n", "Line 1, legacy: write true or false."),
    ],
)
def test_a_file_that_cannot_be_read(text: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_mapping(text)
    assert [str(sentence) for sentence in refused.value.refusals] == [sentence]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_mapping(text)
    except Refused as refused:
        assert refused.refusals


@given(
    st.dictionaries(
        st.sampled_from([*SheetMapping.__struct_fields__, "x"]),
        st.recursive(
            st.one_of(texts.map(quote), st.integers().map(str), st.just("true"), st.just("1.5")),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
                st.dictionaries(st.sampled_from(["id", "column", "status", "a b"]).map(quote), inner, max_size=3).map(
                    lambda table: "{" + ", ".join(f"{k} = {v}" for k, v in table.items()) + "}"
                ),
            ),
            max_leaves=6,
        ),
    )
)
def test_any_value_is_read_or_refused(values: dict[str, str]) -> None:
    try:
        read_mapping("\n".join(f"{key} = {value}" for key, value in values.items()))
    except Refused as refused:
        assert all(str(sentence).startswith("Line ") for sentence in refused.refusals)


def test_a_key_of_endless_parts_is_refused_before_it_is_read() -> None:
    began = time.perf_counter()
    with pytest.raises(Refused, match="Line 2 cannot be read as TOML"):
        read_mapping("version = 1\n" + "a." * 100_000 + "b = 1")
    assert time.perf_counter() - began < 5
