"""The pages of staff: the address of each, and every route with its path filled in."""

import re

from flask import Flask

STAFF_PAGES = {
    "staff.home": "/staff/",
    "staff.desk": "/staff/small/",
    "staff.due": "/staff/small/due/",
    "staff.merge_bodies": "/staff/small/bodies/merge/",
    "staff.discard_register": "/staff/small/discard/",
    "staff.withdraw": "/staff/small/assessments/law-2/withdraw/",
    "staff.assign": "/staff/small/assign/",
    "staff.bulk_work": "/staff/small/bulk/",
    "staff.bulk_approvals": "/staff/small/bulk/approvals/",
    "staff.bulk_publish": "/staff/small/bulk/publish/",
    "staff.bulk_sources": "/staff/small/bulk/sources/",
    "staff.bulk_facts": "/staff/small/bulk/facts/recommendations/",
    "staff.bulk_source_facts": "/staff/small/bulk/source-facts/",
    "staff.bulk_statuses": "/staff/small/bulk/statuses/",
    "staff.bulk_criteria": "/staff/small/bulk/criteria/",
    "staff.error_reports": "/staff/small/error-reports/",
    "staff.evidence": "/staff/small/evidence/",
    "staff.browser_button": "/staff/browser-button/",
    "staff.carried_source": "/staff/add-source/",
    "staff.source": "/staff/small/evidence/oath/",
    "staff.remove_source_text": "/staff/small/evidence/oath/remove-text/",
    "staff.amend_source": "/staff/small/evidence/oath/amend/",
    "staff.facts": "/staff/small/facts/reviews/",
    "staff.amend": "/staff/small/facts/bodies/state/",
    "staff.history": "/staff/small/history/",
    "staff.new_search": "/staff/small/new-search/",
    "staff.new_source": "/staff/small/new-source/",
    "staff.opinions": "/staff/small/opinions/",
    "staff.opinion": "/staff/small/opinions/1/",
    "staff.logo": "/staff/small/logo/",
    "staff.people": "/staff/small/people/",
    "staff.sign_in_help": "/staff/small/people/person-rita/sign-in/",
    "staff.proposal": "/staff/small/proposals/law-2025-05/",
    "staff.card": "/staff/small/recommendations/law/card/",
    "staff.recommendation": "/staff/small/recommendations/law/",
    "staff.addressees": "/staff/small/recommendations/law/addressees/",
    "staff.comments": "/staff/small/recommendations/law/comments/",
    "staff.deadlines": "/staff/small/recommendations/law/deadlines/",
    "staff.withdraw_deadline": "/staff/small/recommendations/law/deadlines/law-due-2026-12/withdraw/",
    "staff.mentionable": "/staff/small/names/?q=a",
    "staff.published": "/staff/small/recommendations/law/published/",
    "staff.recommendation_history": "/staff/small/recommendations/law/history/",
    "staff.withdraw_recommendation": "/staff/small/recommendations/law/withdraw/",
    "staff.propose": "/staff/small/recommendations/law/propose/",
    "staff.relations": "/staff/small/recommendations/law/relations/",
    "staff.paste_relations": "/staff/small/relations/",
    "staff.respond": "/staff/small/recommendations/law/respond/",
    "staff.paste_responses": "/staff/small/responses/",
    "staff.response": "/staff/small/responses/law-senate-2024-05/",
    "staff.remove_fact": "/staff/small/remove/bodies/state/",
    "staff.stocktakings": "/staff/small/reviews/",
    "staff.stocktaking": "/staff/small/reviews/yearly/2026-09-14/",
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
    "staff.shortcuts": "/staff/help/shortcuts/",
    "staff.stop_mail": "/staff/mail/stop/TOKEN/",
    "staff.demos": "/staff/demos/",
    "staff.notices": "/staff/account/notices/",
    "staff.help_guide": "/staff/help/",
    "staff.help_terms": "/staff/help/terms/",
    "staff.registers": "/staff/registers/",
    "staff.new_register": "/staff/registers/new/",
    "staff.upload": "/staff/registers/upload/",
    "staff.spreadsheet": "/staff/spreadsheet/",
    "staff.spreadsheet_file": "/staff/spreadsheet/1/file/",
    "staff.spreadsheet_sheet": "/staff/spreadsheet/1/sheet/",
    "staff.spreadsheet_columns": "/staff/spreadsheet/1/columns/",
    "staff.spreadsheet_values": "/staff/spreadsheet/1/values/",
    "staff.spreadsheet_preview": "/staff/spreadsheet/1/preview/",
    "staff.spreadsheet_rest": "/staff/spreadsheet/1/rest/",
    "staff.welcome": "/staff/welcome/SECRET/",
    "staff.forgotten_password": "/staff/forgotten-password/",
    "staff.choose_password": "/staff/password/RECOVERY/",
    "security.login": "/staff/sign-in",
    "security.wan_signin": "/staff/passkey",
    "security.wan_register": "/staff/account/passkeys",
    "security.change_password": "/staff/account/password",
    "staff.recovery_codes": "/staff/account/recovery-codes/",
    "staff.second_factor": "/staff/account/second-factor/",
    "security.verify": "/staff/confirm",
}
"""Each staff page, at an address where it has content."""
PAGES_OF_LINKS = {"staff.welcome", "staff.choose_password", "staff.stop_mail"}
"""Their addresses hold a secret, which a test puts in."""
ROUTES_WITHOUT_PAGE = {
    *("staff.review_first", "staff.open_notice"),  # lead to the page of a proposal, or of what a notice is about
    *("staff.download_criteria", "staff.download_statuses"),  # files
    *(
        "staff.kept_file",
        "staff.read_day",
        "staff.download_history",
        "staff.download_all_history",
        "staff.download_sheet",
        "staff.empty_template",
        "staff.register_template",
        "staff.download_facts",
        "staff.problem_report",
        "staff.review_draft",
    ),  # files
    *("security.static", "security.two_factor_rescue", "security.mf_recovery_codes"),  # closed
    "security.two_factor_setup",  # closed
    "staff.set_up_second_factor",  # needs a key that was begun
    "staff.withdraw_review_package",  # needs a frozen review
    *("security.wan_delete", "security.wan_verify"),  # lead on to the pages above, see the journeys of signing in
    *("security.mf_recovery", "security.two_factor_token_validation", "security.tf_select"),
    *("staff.at_provider", "staff.confirm_at_provider", "staff.back_from_provider"),
}
PATH_VALUES = {
    "register": "small",
    "recommendation": "law",
    "evidence": "oath",
    "digest": "0" * 64,
    "note": "1",
    "person": "person-rita",
    "assessment": "law-2",
    "secret": "x",
    "filename": "x",
    "kind": "bodies",
    "ident": "state",
    "name": "x",
    "form": "history.csv",
    "token": "x",
    "review": "ten",
    "as_of": "2024-02-17",
    "number": "1",
    "deadline": "law-due-2026-12",
    "response": "law-senate-2024-05",
}


def staff_routes(app: Flask) -> list[tuple[str, str, str]]:
    """Each staff address with its method and endpoint; what stands in its path is filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            path = rule.rule
            for name in rule.arguments:
                segment = next(p for p in path.split("/") if f"{name}>" in p)
                whole = segment.endswith(f"{name}>")
                filled = PATH_VALUES[name] if whole else re.sub(r"<[^<>]*>", PATH_VALUES[name], segment)
                path = path.replace(segment, filled)
            found += [(method, path, rule.endpoint) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return found
