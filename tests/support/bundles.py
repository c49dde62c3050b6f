"""A small lawful bundle, written as files that a test may spoil."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.container import Services

FILES: dict[str, str] = {
    "themes.csv": "id,title,title_ko\noffices,Offices,직위\nlaws,Laws,\n",
    "publications.csv": (
        "id,title,title_ko,authors,publisher,published_on,url,language\n"
        "report,The report,,Ann Author;Bea Author,A think tank,2023-09-14,https://example.org/report,en\n"
        "article,The article,,,A paper,2023-09,,en\n"
    ),
    "bodies.csv": "id,name,name_ko,parent\nstate,State,국가,\nministry,Ministry,부처,state\nsenate,Senate,,state\n",
    "recommendations.csv": (
        "id,title,title_ko,summary,summary_ko,kind,theme,addressees,instruments,publication,also_in,locator,"
        "recommended_on,aliases,strength,indicators,registered_at\n"
        'post,Fill the post,직위를 채울 것,"Fill it, and keep it filled.",,continuing,offices,ministry;senate,,'
        "report,article,p. 3,2023-09-14,envoy,explicit,,\n"
        "law,Renew the law,,Renew it.,,one_off,laws,senate,The Act,article,,,2023-09,,,,\n"
        "talks,Hold talks,,Hold them.,,outcome,offices,state,,report,,,2023-09-14,,,,\n"
    ),
    "elements.csv": (
        "recommendation,id,title,title_ko,kind,core,done_when,done_when_ko\n"
        "post,appointed,Appointed,,one_off,yes,Sworn in.,\n"
        "post,kept,Kept filled,,continuing,yes,In office for a year.,\n"
        "post,funded,Funded,,continuing,no,Money is given.,\n"
    ),
    "cards.csv": (
        "recommendation,element,counts,counts_ko,does_not_count,does_not_count_ko,sources_needed,author,approved_by,"
        "approved_at\n"
        "post,appointed,An oath.,,A promise.,,,ana,ben,\n"
        "post,kept,A year in office.,,An acting head.,,,ana,ben,\n"
        "law,,Enactment.,,A draft.,,,ana,ben,\n"
        "talks,,A text.,,A meeting.,,,ana,,\n"
    ),
    "evidence.csv": (
        "id,title,publisher,url,published_on,accessed_on,source_class,summary,summary_ko,language,sha256\n"
        "oath,The oath,Ministry,https://example.org/oath,2023-10-13,2026-01-02,official,The oath was taken.,,en,\n"
        "story,A story,Daily,,2023-10-14,2026-01-02,news,It was reported.,보도되었다.,en,\n"
        "search,Recorded search,This register,,,2026-01-02,null_search,Nothing was found.,,en,\n"
        "leak,Another story,Weekly,,2025-01,2026-01-02,news,The post is empty.,,en,\n"
    ),
    "assessments.csv": (
        "id,recommendation,element,status,effective_on,reason,cause,motion,confidence,rationale,rationale_ko,evidence,"
        "proposed_by,published_by,review_by,window_from,window_to,published_at\n"
        "post-appointed-1,post,appointed,implemented,2023-10-13,first_assessment,,,high,Sworn in.,,oath;story,ana,ben,,,,\n"
        "post-kept-1,post,kept,in_progress,2023-10-13,first_assessment,,advancing,,In office.,,oath,ana,ben,,,,\n"
        'post-kept-2,post,kept,in_effect,2024-10-13,world_changed,,,,"A year, and more.",,oath;story,ana,ben,,2023-10-13,,\n'
        "post-kept-3,post,kept,reversed,2025-01,world_changed,office_vacant,,,Left office.,,story;leak,ana,ben,,,,\n"
        "law-1,law,,no_action,2023-09,first_assessment,,,,Nothing was found.,,search,ana,ben,,,,\n"
        "law-2,law,,announced,2024-03-01,world_changed,,,low,A bill was filed.,,story,ana,ben,2025-12-01,,,\n"
        "law-3,law,,announced,2024-04,reviewed_no_change,,stalled,,Still a bill.,,story,ana,ben,,,,\n"
    ),
    "withdrawals.csv": (
        "assessment,recommendation,reason,withdrawn_at,withdrawn_by,replaced_by\n"
        "law-3,,It said nothing new.,,ben,law-2\n"
    ),
    "developments.csv": (
        "id,date,summary,summary_ko,recommendations,direction,evidence\n"
        "visit,2024-05-20,The envoy travelled.,,post;talks,advances,story\n"
    ),
}
REGISTER: dict[str, Any] = {
    "id": "small",
    "title": "A small register",
    "title_ko": "작은 등록부",
    "summary": "Three recommendations.",
    "time_zone": "Asia/Seoul",
    "methodology": "uptake-2026.1",
    "peer_review": "high_stakes",
    "evidence_to": "2026-01-02",
    "kept_by": "The keepers of the small register",
    "contact": "contact@keepers.example",
    "licence": "CC-BY-4.0",
    "reviews": [
        {"id": "ten", "title": "Ten years on", "as_of": "2024-02-17", "anniversary_of": "2014-02-17", "years": 10},
        {"id": "yearly", "title": "Yearly", "anniversary_of": "2023-09-14", "every_years": 1},
    ],
}


def write_small_bundle(folder: Path) -> Path:
    """Write the bundle into a new folder."""
    folder.mkdir(parents=True)
    (folder / "register.json").write_text(json.dumps(REGISTER, ensure_ascii=False, indent=2), encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a piece of one file, which must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def import_problems(services: Services, path: Path, **wish: object) -> list[str]:
    """The problems of an import; nothing may have been stored."""
    before = services.log.last()
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, path, ImportOptions(**wish))  # type: ignore[arg-type]
    assert services.log.last() == before
    return [str(p) for p in caught.value.problems]
