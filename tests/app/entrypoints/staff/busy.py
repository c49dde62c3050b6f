"""An office in the midst of its work: something of everything that staff can make, each with a word that is not public."""

import io
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from app.bootstrap.container import Services
from app.services.accounts import api_tokens, one_time_links, people
from app.services.mail.models import wish_of
from tests.app.entrypoints.staff.conftest import Member
from tests.app.entrypoints.staff.test_keeping_a_register import PROPOSE, _send, _version

WORD = "zebra"
COPY = f"{WORD}-content".encode()
OATH = "/staff/small/evidence/oath/"
TEN = "/staff/small/reviews/ten/2024-02-17/"
REVIEW = "/staff/small/reviews/yearly/2026-09-14/"
Members = Callable[[str], Member]
PAGES = {
    "staff.home": "/staff/",
    "staff.desk": "/staff/small/",
    "staff.withdraw": "/staff/small/assessments/law-2/withdraw/",
    "staff.assign": "/staff/small/assign/",
    "staff.evidence": "/staff/small/evidence/",
    "staff.source": OATH,
    "staff.facts": "/staff/small/facts/reviews/",
    "staff.amend": "/staff/small/facts/bodies/state/",
    "staff.history": "/staff/small/history/",
    "staff.new_search": "/staff/small/new-search/",
    "staff.new_source": "/staff/small/new-source/",
    "staff.opinions": "/staff/small/opinions/",
    "staff.opinion": "/staff/small/opinions/1/",
    "staff.people": "/staff/small/people/",
    "staff.proposal": "/staff/small/proposals/law-2025-05/",
    "staff.card": "/staff/small/recommendations/law/card/",
    "staff.recommendation": "/staff/small/recommendations/law/",
    "staff.comments": "/staff/small/recommendations/law/comments/",
    "staff.propose": PROPOSE,
    "staff.stocktakings": "/staff/small/reviews/",
    "staff.stocktaking": REVIEW,
    "staff.set_up": "/staff/small/setup/",
    "staff.add": "/staff/small/setup/recommendations/",
    "staff.sheet": "/staff/small/sheet/",
    "staff.translations": "/staff/small/translations/?show=all",
    "staff.unchanged": "/staff/small/unchanged/",
    "staff.webhooks": "/staff/small/webhooks/",
    "staff.webhook": "/staff/small/webhooks/1/",
    "staff.account": "/staff/account/",
    "staff.leave": "/staff/account/leave/",
    "staff.tokens": "/staff/account/tokens/",
    "staff.accounts": "/staff/accounts/",
    "staff.remove": "/staff/accounts/person-rita/remove/",
    "staff.all_history": "/staff/history/",
    "staff.stop_mail": "/staff/mail/stop/TOKEN/",
    "staff.new_register": "/staff/registers/new/",
    "staff.upload": "/staff/registers/upload/",
    "staff.welcome": "/staff/welcome/SECRET/",
    "security.login": "/staff/sign-in",
    "security.wan_signin": "/staff/passkey",
    "security.wan_register": "/staff/account/passkeys",
    "security.change_password": "/staff/account/password",
    "security.mf_recovery_codes": "/staff/account/recovery-codes",
    "security.two_factor_setup": "/staff/account/second-factor",
    "security.verify": "/staff/confirm",
}
"""Each page of staff, where something is to be seen on it."""
NO_PAGES = {
    *("staff.kept_file", "staff.download_history", "staff.download_all_history", "staff.download_sheet"),  # files
    *("security.static", "security.two_factor_rescue"),  # closed
    *("security.wan_delete", "security.wan_verify"),  # lead on to the pages above, see the journeys of signing in
    *("security.mf_recovery", "security.two_factor_token_validation", "security.tf_select"),
    *("staff.at_provider", "staff.confirm_at_provider", "staff.back_from_provider"),
}


def seed(services: Services, member: Members) -> list[str]:
    """A word in every field that is not public. What is returned are secrets, which must not be found either."""
    services.settings = replace(
        services.settings, private_webhooks=True, smtp_url="smtp+plain://zebra:zebra-password@127.0.0.1:9",
        smtp_from=f"Uptake <{WORD}@example.org>",
    )  # fmt: skip
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    with services.accounts.work() as db:
        for who in ("ana", "ben", "ada"):
            people.find(db, f"{who}@example.org").name = f"{WORD} {who}"
    path = _send(ana, rationale=f"{WORD}-draft", rationale_ko=f"{WORD}-초안").location
    ben.post(path, action="return", version=_version(ben, path), note=f"{WORD}-note")
    path = _send(ana, rationale=f"{WORD}-declined", year="2025", month="4").location
    ben.post(path, action="decline", version=_version(ben, path), note=f"{WORD}-why")
    path = _send(ana, rationale=f"{WORD}-embargoed", year="2025", month="6").location
    at = (services.clock() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert ben.post(path, action="schedule", version=_version(ben, path), publish_at=at).status_code == 302
    _send(ana, action="save_draft", rationale=f"{WORD}-kept", year="2025", month="8")
    source = {"src_title": f"{WORD} source", "src_publisher": WORD, "src_class": "news", "src_summary": WORD}
    _send(ana, action="add_source", **source)
    file = (io.BytesIO(f"<html>{WORD}".encode()), f"{WORD}.html")
    assert ana.post("/staff/small/new-source/", **source, src_rights=WORD, src_file=file).status_code == 302
    search = {"search_where": WORD, "search_words": WORD, "search_by": WORD, "search_on": "2026-03-02"}
    ana.post("/staff/small/new-search/", **search, search_from="2023-09", search_to="2026-02-28")
    file = (io.BytesIO(COPY), f"{WORD}.txt")
    assert ana.post(f"{OATH}files/", file=file, rights=f"{WORD}-rights").status_code == 302
    for source in (OATH, "/staff/small/evidence/story/"):
        assert ana.post(f"{source}notes/", note=f"{WORD}-note", language="en").status_code == 302
    ana.post("/staff/small/recommendations/law/card/", element="", counts=f"{WORD}-card", does_not_count=WORD)
    ana.post("/staff/small/recommendations/law/comments/", text=f"@ben {WORD}-comment", assessment="law-2025-04")
    bulk = {"action": "send", "pick": ["law"], "year": "2025", "month": "5", "evidence": ["story"]}
    ana.post("/staff/small/unchanged/", **bulk, rationale=f"{WORD}-bulk", **{"version-law": _version(ana, PROPOSE)})
    assert f"{WORD}-bulk" in ben.get("/staff/small/proposals/law-2025-05/").text
    ben.post("/staff/small/assign/", action="assign", pick=["post"], person="person-ana")
    asked = ben.post("/staff/small/opinions/", item="post/kept", persons=["person-ana", "person-ada"]).location
    for who in (ana, ada):
        who.post(asked, status="partly", effective_on="2025", rationale=f"{WORD}-blind")
    assert f"{WORD}-blind" in ben.get(asked).text
    ben.post(REVIEW, action="draft", summary=f"{WORD}-summary", summary_ko=f"{WORD}-요약")
    for who in (ben, ada):
        who.post(REVIEW, action="sign")
    assert ben.post(REVIEW, action="embargo", freeze_at="2026-09-20T12:00:00Z").status_code == 302
    hooks = ada.post("/staff/small/webhooks/", url=f"http://127.0.0.1:9/{WORD}-hook")
    invited = ada.post("/staff/small/people/", email=f"{WORD}@example.org", name=f"{WORD}-guest", role="reader")
    with services.accounts.work() as db:
        user = people.find(db, "ana@example.org")
        secrets = [api_tokens.make(db, user, f"{WORD}-token", ["propose"], 30, services.clock())]
        secrets += [one_time_links.make(db, user, services.clock())]
        wish = wish_of(db, user)
        wish.digest = "daily"
        db.add(wish)
    secrets += [hooks.text.split("whsec_")[1].split("<")[0], invited.text.split("/staff/welcome/")[1].split("/")[0]]
    member("rita").client.post("/staff/sign-in", data={"email": f"{WORD}@example.org", "password": f"{WORD}-password"})
    return secrets
