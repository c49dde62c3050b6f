"""A register in French and Arabic with every kind of text, as files, and a check of how pages show its texts."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

ARABIC = re.compile(r"[\u0620-\u064a]")
REGISTER: dict[str, Any] = {
    "id": "droits",
    "languages": ["fr", "ar"],
    "title": "Suivi des droits",
    "title_ar": "متابعة الحقوق",
    "summary": "Trois conventions surveillées.",
    "summary_ar": "ثلاث اتفاقيات تحت المراقبة.",
    "time_zone": "UTC",
    "methodology": "uptake-2026.2",
    "peer_review": "high_stakes",
    "kept_by": "Observatoire citoyen",
    "kept_by_ar": "المرصد المدني",
    "funded_by": "Fondation fictive",
    "funded_by_ar": "مؤسسة خيالية",
    "contact": "observatoire@example.org",
    "licence": "CC-BY-4.0",
    "reviews": [
        {"id": "bilan", "title": "Premier bilan", "title_ar": "المراجعة الأولى", "as_of": "2025-01-01"},
    ],
}
FILES = {
    "themes.csv": "id,title,title_ar\nlois,Lois fondamentales,القوانين الأساسية\n",
    "publications.csv": (
        "id,title,title_ar,authors,publisher,published_on,url,language\n"
        "rapport,Rapport annuel,التقرير السنوي,,Nations imaginaires,2024-01-01,https://example.org/r,fr\n"
    ),
    "bodies.csv": (
        "id,name,name_ar,short_name,short_name_ar,parent\n"
        "parlement,Parlement national,البرلمان الوطني,,,\n"
        "commission,Commission des lois,لجنة القوانين,COLOI,لجق,parlement\n"
    ),
    "recommendations.csv": (
        "id,title,title_ar,summary,summary_ar,kind,theme,addressees,instruments,publication,also_in,locator,"
        "recommended_on,aliases,strength,indicators,registered_at\n"
        "loi,Adopter la loi,اعتماد القانون,Le Parlement devrait adopter la loi.,ينبغي للبرلمان أن يعتمد القانون.,"
        "one_off,lois,parlement,Traité fictif,rapport,,p. 3,2024-01-01,,,Un indicateur,2024-01-02T00:00:00Z\n"
        "poste,Pourvoir le poste,شغل المنصب,Le poste devrait être pourvu.,ينبغي شغل المنصب.,"
        "continuing,lois,parlement;commission,,rapport,,,2024-01-01,,,,2024-01-02T00:00:00Z\n"
        "seul,Publier sans délai,,Texte sans traduction.,,one_off,lois,commission,,rapport,,,2024-01-01,,,,"
        "2024-01-02T00:00:00Z\n"
    ),
    "elements.csv": (
        "recommendation,id,title,title_ar,kind,core,done_when,done_when_ar\n"
        "poste,nomme,Nomination faite,تم التعيين,one_off,yes,Un décret est paru.,صدر مرسوم.\n"
        "poste,tenu,Poste occupé,المنصب مشغول,continuing,yes,Une année complète.,سنة كاملة.\n"
    ),
    "cards.csv": (
        "recommendation,element,counts,counts_ar,does_not_count,does_not_count_ar,sources_needed,author,approved_by,"
        "approved_at\n"
        "loi,,Une loi promulguée.,قانون صادر.,Un simple projet.,مجرد مشروع.,Journal,ana,ben,2024-01-03T00:00:00Z\n"
        "poste,nomme,Une nomination.,تعيين.,Une annonce.,إعلان.,,ana,ben,2024-01-03T00:00:00Z\n"
    ),
    "evidence.csv": (
        "id,title,publisher,url,published_on,accessed_on,source_class,summary,summary_ar,language,sha256\n"
        "journal,Journal du matin,Imprimerie fictive,https://example.org/j,2024-03-01,2024-03-02,official,"
        "La loi est parue.,صدر القانون.,fr,\n"
        "gazette,Gazette du soir,Presse fictive,,2024-03-01,2024-03-02,news,On le rapporte.,ورد ذلك.,fr,\n"
    ),
    "assessments.csv": (
        "id,recommendation,element,status,effective_on,reason,cause,motion,confidence,statement,statement_ar,rationale,"
        "rationale_ar,evidence,proposed_by,published_by,review_by,window_from,window_to,published_at,methodology\n"
        "loi-1,loi,,in_progress,2024-02,first_assessment,,advancing,high,Le texte avance.,النص يتقدم.,"
        "Le débat est ouvert.,النقاش مفتوح.,journal;gazette,ana,ben,,,,2024-03-05T00:00:00Z,uptake-2026.2\n"
        "loi-2,loi,,implemented,2024-03-01,world_changed,,,high,Publiée en mars.,نُشر في مارس.,"
        "La loi est publiée.,نُشر القانون في الجريدة الرسمية.,journal;gazette,ana,ben,,,,2024-03-06T00:00:00Z,"
        "uptake-2026.2\n"
        "poste-1,poste,nomme,in_progress,2024-02,first_assessment,,advancing,,,,Un appel est lancé.,أُطلق نداء.,"
        "journal,ana,ben,,,,2024-03-07T00:00:00Z,uptake-2026.2\n"
        "loi-3,loi,,implemented,2024-04-01,reviewed_no_change,,,,,,Rien de nouveau.,لا جديد.,"
        "journal;gazette,ana,ben,,,,2024-04-06T00:00:00Z,uptake-2026.2\n"
    ),
    "withdrawals.csv": (
        "assessment,recommendation,reason,withdrawn_at,withdrawn_by,replaced_by\n"
        "loi-3,,Saisie deux fois.,2024-04-07T00:00:00Z,ben,loi-2\n"
    ),
    "developments.csv": (
        "id,date,summary,summary_ar,recommendations,direction,evidence\n"
        "visite,2024-05-20,Une délégation est venue.,جاء وفد.,loi;poste,advances,gazette\n"
    ),
    "deadlines.csv": (
        "id,recommendation,element,due_on,stated_on,stated_by,evidence,note,note_ar,published_at,withdrawn_at,"
        "withdrawn_by,withdrawn_reason\n"
        "echeance,seul,,2024-12-31,2024-01-01,rapport,,Délai du rapport.,مهلة التقرير.,2024-01-04T00:00:00Z,,,\n"
    ),
    "responses.csv": (
        "id,recommendation,element,body,position,given_on,summary,summary_ar,evidence,assessment,proposed_by,"
        "published_by,published_at,withdrawn_at,withdrawn_by,withdrawn_reason\n"
        "reponse,loi,,parlement,accepts,2024-02,Le Parlement y consent.,يوافق البرلمان.,journal,,ana,ben,"
        "2024-03-05T00:00:00Z,,,\n"
    ),
    "relations.csv": (
        "from,relation,to,on,note,note_ar,published_at,withdrawn_at,withdrawn_by,withdrawn_reason\n"
        "seul,repeats,loi,2024-03,Presque mot à mot.,حرفيا تقريبا.,2024-03-05T00:00:00Z,,,\n"
    ),
}
"""Without a translation are the recommendation “seul”, and every text that has no translations at all."""
FRENCH = re.compile(
    "|".join(
        [
            *("Suivi des droits|Trois conventions|Premier bilan|Lois fondamentales|Rapport annuel|Parlement national",),
            *("Commission des lois|COLOI|Adopter la loi|devrait|Traité fictif|Un indicateur|Pourvoir le poste",),
            *("Publier sans délai|Texte sans|Nomination faite|décret|Poste occupé|année complète|Une loi promulguée",),
            *("Un simple projet|Une nomination|Une annonce|Journal du matin|Imprimerie fictive|La loi est|Gazette",),
            *("Presse fictive|On le rapporte|Le texte avance|Le débat|Publiée en mars|Un appel|Rien de nouveau",),
            *("Saisie deux fois|Une délégation|Délai du rapport|Le Parlement y|Presque mot|Nations imaginaires",),
            *("Observatoire citoyen|Fondation fictive",),
        ]
    )
)
"""Words of the register's French texts that are in no text of the interface."""


def write_french_arabic_bundle(folder: Path, **settings: object) -> Path:
    """Write the bundle into a new folder, with other settings where they are given."""
    folder.mkdir(parents=True)
    register = json.dumps(REGISTER | settings, ensure_ascii=False, indent=2)
    (folder / "register.json").write_text(register, encoding="utf-8")
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8", newline="")
    return folder


def texts_shown_wrongly(root: Element) -> list[str]:
    """The texts of the record on a page that do not say their language, or not their direction, with what they say."""
    body = next(root.iter("body"))
    return [
        f"lang={lang} dir={direction}: {text.strip()}"
        for text, lang, direction in _texts(body, root.get("lang") or "", "")
        if (language := _language(text))
        and (lang not in (language, "") or direction not in ("auto", _DIRECTIONS[language]))
    ]


SVG = "{http://www.w3.org/2000/svg}svg"
_DIRECTIONS = {"fr": "ltr", "ar": "rtl"}


def _language(text: str) -> str:
    return "fr" if FRENCH.search(text) else "ar" if ARABIC.search(text) else ""


def _texts(element: Element, lang: str, direction: str) -> list[tuple[str, str, str]]:
    """Every text of an element with the language and direction that it is said to have; not in forms and drawings."""
    if not isinstance(element.tag, str) or element.tag in ("option", "textarea", "script", "pre", SVG):
        return []
    lang = element.get("lang", lang)
    direction = element.get("dir") or ("auto" if element.tag == "bdi" else direction)
    found = [(element.text or "", lang, direction)]
    for child in element:
        found += [*_texts(child, lang, direction), (child.tail or "", lang, direction)]
    return found
