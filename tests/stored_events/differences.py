"""What an older sample reads differently than the newest one of its event: the work of its upcasts."""

from domain.values import DEFAULT_LANGUAGES
from tests.stored_events.samples import Differences

_PUBLISHER = {"ror": "", "authors": [], "colour": "", "doi": "", "cite_as": ""}
_NO_CITATION = {"ko": {"cite_as": None}}
_SETTINGS = {
    "settings": {
        **_PUBLISHER,
        "languages": list(DEFAULT_LANGUAGES),
        **dict.fromkeys(("kept_by", "contact", "report_errors", "licence", "funded_by", "default_scale"), ""),
        "scales": [],
        "fictional": False,
        "translations": {"ko": {"kept_by": None, "funded_by": None, "cite_as": None}},
    }
}
_THEME = {"theme": {"position": None}}
_BODY = {"body": {"short_name": None, "position": None, "translations": {"ko": {"short_name": None}}}}
_RECOMMENDATION = {"facts": {"number": None, "position": None, "priority": None}}
_CRITERIA = {"card": {"translations": {"ko": {"sources_needed": None}}}}
_ASSESSMENT = {"assessment": {"statement": None, "translations": {"ko": {"statement": None}}}}

DIFFERENCES: Differences = {
    ("register.established", 1): _SETTINGS,
    ("register.amended", 1): _SETTINGS,
    ("register.established", 2): {"settings": {"fictional": False, **_PUBLISHER, "translations": _NO_CITATION}},
    ("register.established", 3): {"settings": {**_PUBLISHER, "translations": _NO_CITATION}},
    ("register.amended", 2): {"settings": {"fictional": False, **_PUBLISHER, "translations": _NO_CITATION}},
    ("register.amended", 3): {"settings": {**_PUBLISHER, "translations": _NO_CITATION}},
    ("register.theme_named", 1): _THEME,
    ("register.theme_amended", 1): _THEME,
    ("register.body_named", 1): _BODY,
    ("register.body_amended", 1): _BODY,
    ("recommendation.registered", 1): _RECOMMENDATION,
    ("recommendation.amended", 1): _RECOMMENDATION,
    ("recommendation.card_drafted", 1): _CRITERIA,
    ("recommendation.card_approved", 1): _CRITERIA,
    ("recommendation.assessment_proposed", 1): _ASSESSMENT,
    ("recommendation.assessment_published", 1): _ASSESSMENT,
    ("recommendation.assessment_revised", 1): _ASSESSMENT,
    ("evidence.note_text_removed", 1): {"removed_at": None},
    ("review.frozen", 1): {"snapshot": {"doi": None}},
    ("review.frozen", 2): {"snapshot": {"doi": None}},
    ("review.signed_off", 1): {"name": None, "signature": None},
}
