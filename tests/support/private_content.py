"""Content of every kind that staff can make, each with a word that must never become public."""

import io
from datetime import timedelta

from msgspec.structs import replace

from app.services.accounts import api_tokens, one_time_links, people
from app.services.accounts.actors import OPERATOR
from app.services.container import Services
from app.services.followers.models import Follow, Follower
from app.services.mail.models import mail_preferences_of
from app.services.mapping import drafts
from tests.support.staff_client import PROPOSE_PATH, Members, form_version, send_form, send_proposal
from tests.support.staff_pages import STAFF_PAGES

PRIVATE_WORD = "zebra"
PRIVATE_FILE = f"{PRIVATE_WORD}-content".encode()
SOURCE_PATH = STAFF_PAGES["staff.source"]
PAST_REVIEW_PATH = "/staff/small/reviews/ten/2024-02-17/"
FURTHEST_STEP = "preview"
SHEET = f"""No.;Recommendation;Asked of;Due;Status 2024;Status 2025;Comments;Link
Part one;;;;;;;
1;Write the {PRIVATE_WORD} rule;Ministry of {PRIVATE_WORD};03/04/2024;Done;?;{PRIVATE_WORD} remark;https://{PRIVATE_WORD}.example/a
2;Read the rule;Min. of {PRIVATE_WORD};05/06/2024;Started;Done;;https://{PRIVATE_WORD}.example/b
"""
NEXT_REVIEW_PATH = STAFF_PAGES["staff.stocktaking"]


def fill_with_private_content(services: Services, member: Members) -> list[str]:
    """Put the word into every field that is not public; return the secrets made on the way, which must stay private too."""
    services.settings = replace(
        services.settings, private_webhooks=True, smtp_url="smtp+plain://zebra:zebra-password@127.0.0.1:9",
        smtp_from=f"Uptake <{PRIVATE_WORD}@example.org>",
    )  # fmt: skip
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    with services.accounts.work() as db:
        for who in ("ana", "ben", "ada"):
            people.find_user(db, f"{who}@example.org").name = f"{PRIVATE_WORD} {who}"
    path = send_proposal(ana, rationale=f"{PRIVATE_WORD}-draft", rationale_ko=f"{PRIVATE_WORD}-초안").location
    ben.post(path, action="return", version=form_version(ben, path), note=f"{PRIVATE_WORD}-note")
    path = send_proposal(ana, rationale=f"{PRIVATE_WORD}-declined", effective_on="2025-04").location
    ben.post(path, action="decline", version=form_version(ben, path), note=f"{PRIVATE_WORD}-why")
    path = send_proposal(ana, rationale=f"{PRIVATE_WORD}-embargoed", effective_on="2025-06").location
    at = (services.clock() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert ben.post(path, action="publish", version=form_version(ben, path), publish_at=at).status_code == 302
    send_proposal(ana, action="save_draft", rationale=f"{PRIVATE_WORD}-kept", effective_on="2025-08")
    source = {
        "src_title": f"{PRIVATE_WORD} source",
        "src_publisher": PRIVATE_WORD,
        "src_class": "news",
        "src_summary": PRIVATE_WORD,
    }
    send_proposal(ana, action="add_source", **source)
    file = (io.BytesIO(f"<html>{PRIVATE_WORD}".encode()), f"{PRIVATE_WORD}.html")
    assert ana.post("/staff/small/new-source/", **source, src_rights=PRIVATE_WORD, src_file=file).status_code == 302
    search = {
        "search_where": PRIVATE_WORD,
        "search_words": PRIVATE_WORD,
        "search_by": PRIVATE_WORD,
        "search_on": "2026-03-02",
    }
    ana.post("/staff/small/new-search/", **search, search_from="2023-09", search_to="2026-02-28")
    file = (io.BytesIO(PRIVATE_FILE), f"{PRIVATE_WORD}.txt")
    assert ana.post(f"{SOURCE_PATH}files/", file=file, rights=f"{PRIVATE_WORD}-rights").status_code == 302
    for source in (SOURCE_PATH, "/staff/small/evidence/story/"):
        assert ana.post(f"{source}notes/", note=f"{PRIVATE_WORD}-note", language="en").status_code == 302
    ana.post(
        "/staff/small/recommendations/law/card/", element="", counts=f"{PRIVATE_WORD}-card", does_not_count=PRIVATE_WORD
    )
    comment = {"text": f"@{PRIVATE_WORD}-ben {PRIVATE_WORD}-comment", "assessment": ""}
    assert ana.post("/staff/small/recommendations/law/comments/", **comment).status_code == 302
    due = {"due_on": "2026-12", "stated_on": "2023-09-14", "stated_by": "ministry", "evidence": "story"}
    assert ben.confirm("/staff/small/recommendations/law/deadlines/", **due).status_code == 302  # public at once
    said = {"body": "senate", "position": "notes", "given_on": "2024-05", "evidence": ["story"]}
    path = "/staff/small/recommendations/law/respond/"
    waiting = ana.post(path, action="send", summary=f"{PRIVATE_WORD}-response", **said).location
    assert f"{PRIVATE_WORD}-response" in ben.get(waiting).text
    declined = ana.post(path, action="send", summary=f"{PRIVATE_WORD}-no-response", **said).location
    decline = {"version": form_version(ben, declined), "why": f"{PRIVATE_WORD}-no"}
    assert ben.post(f"{declined}decline/", **decline).status_code == 302
    bulk = {"action": "send", "pick": ["law"], "effective_on": "2025-05", "evidence": ["story"]}
    ana.post(
        "/staff/small/unchanged/",
        **bulk,
        rationale=f"{PRIVATE_WORD}-bulk",
        **{"version-law": form_version(ben, PROPOSE_PATH)},
    )
    assert f"{PRIVATE_WORD}-bulk" in ben.get("/staff/small/proposals/law-2025-05/").text
    ben.post("/staff/small/assign/", action="assign", pick=["post"], person="person-ana")
    asked = ben.post("/staff/small/opinions/", item="post/kept", persons=["person-ana", "person-ada"]).location
    for who in (ana, ada):
        who.post(asked, status="partly", effective_on="2025", rationale=f"{PRIVATE_WORD}-blind")
    assert f"{PRIVATE_WORD}-blind" in ben.get(asked).text
    ben.post(NEXT_REVIEW_PATH, action="draft", summary=f"{PRIVATE_WORD}-summary", summary_ko=f"{PRIVATE_WORD}-요약")
    for who in (ben, ada):
        send_form(who, NEXT_REVIEW_PATH, action="sign")
    assert send_form(ben, NEXT_REVIEW_PATH, action="embargo", freeze_at="2026-09-20T12:00:00Z").status_code == 302
    hooks = ada.post("/staff/small/webhooks/", url=f"http://127.0.0.1:9/{PRIVATE_WORD}-hook")
    with_mail = services.settings
    services.settings = replace(with_mail, smtp_url="")  # so that the page shows the link
    invited = ada.post(
        "/staff/small/people/", email=f"{PRIVATE_WORD}@example.org", name=f"{PRIVATE_WORD}-guest", role="reader"
    )
    services.settings = with_mail
    assert (
        ada.post("/staff/spreadsheet/", register="small", file=(io.BytesIO(SHEET.encode()), "zebra.csv")).status_code
        == 302
    )
    with services.accounts.work() as db:
        begun = drafts.imports_of(db, "person-ada", services.clock())[0]
        drafts.save_answers(begun, services.clock(), drafts.mapping_of(begun), reached=FURTHEST_STEP)
    with services.accounts.work() as db:
        user = people.find_user(db, "ana@example.org")
        secrets = [api_tokens.create_token(db, user, f"{PRIVATE_WORD}-token", ["propose"], 30, services.clock())]
        secrets += [one_time_links.create_link(db, user, services.clock(), by=OPERATOR)]
        wish = mail_preferences_of(db, user)
        wish.digest = "daily"
        db.add(wish)
    secrets += [hooks.text.split("whsec_")[1].split("<")[0], invited.text.split("/staff/welcome/")[1].split("/")[0]]
    secrets += [_add_follower(services)]
    member("rita").client.post(
        "/staff/sign-in", data={"email": f"{PRIVATE_WORD}@example.org", "password": f"{PRIVATE_WORD}-password"}
    )
    return secrets


def _add_follower(services: Services) -> str:
    """A reader who follows the register by e-mail from now on, to whom a letter is due; returns the secret of their links."""
    now, key = services.clock().replace(tzinfo=None), "c0ffee" * 5
    with services.accounts.work() as db:
        reader = Follower(key=key, email=f"{PRIVATE_WORD}-reader@example.org", language="en", next_at=now)
        db.add(reader)
        db.flush()
        follow = Follow(key=f"{key}-1", follower_id=reader.id, register="small", kind="register", language="en")
        follow.asked_at, follow.confirmed_at = now, now
        db.add(follow)
    return key
