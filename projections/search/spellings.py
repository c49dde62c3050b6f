"""British and American spellings of a word. A form that is no word does no harm: it is found nowhere."""

import re

_ENDINGS = (
    (r"\w{3,}", "is", "iz", r"(?:e[sdr]?|ers|ing|at\w*)"),
    (r"\w*[aeiou]l", "ys", "yz", r"(?:e[sdr]?|ers|ing)"),
    (r"\w{2,}", "our", "or", r"(?:s|ed|ing|ers?|able|ful|hoods?|ites?|less|al|is[mt]|is[mt]s|)"),
    (r"\w{2,}", "tre", "ter", "s?"),
    (r"\w{2,}", "bre", "ber", "s?"),
    (r"\w*[aeiou][^aeiou]+[aeiou]", "ll", "l", "(?:ed|ings?|[eo]rs?)"),
    (r"\w{3,}", "ll", "l", "ments?"),
    (r"\w*dg", "e", "", "ments?"),
    (r"\w{2,}og", "ue", "", "s?"),
)
"""Endings: what is before, the British and the American form, and what follows."""
_RULES = tuple(
    (re.compile(f"({before}){old}({after})"), new)
    for before, british, american, after in _ENDINGS
    for old, new in ((british, american), (american, british))
)
_PAIRS = """
programme/program cheque/check cheques/checks grey/gray sceptic/skeptic sceptical/skeptical ageing/aging
fulfil/fulfill fulfils/fulfills enrol/enroll enrols/enrolls practise/practice practised/practiced
manoeuvre/maneuver manoeuvres/maneuvers aluminium/aluminum plough/plow mould/mold tyre/tire tyres/tires
anaemia/anemia foetus/fetus paediatric/pediatric defence/defense defences/defenses offence/offense
offences/offenses licence/license licences/licenses pretence/pretense
"""
_BRITISH_TO_AMERICAN = dict(pair.split("/") for pair in _PAIRS.split())
_WORDS = _BRITISH_TO_AMERICAN | {american: british for british, american in _BRITISH_TO_AMERICAN.items()}


def spellings(word: str) -> tuple[str, ...]:
    """A word as it is, then its other spellings."""
    lower = word.lower()
    others = [rule.sub(rf"\1{new}\2", lower) for rule, new in _RULES if rule.fullmatch(lower)]
    if lower in _WORDS:
        others.append(_WORDS[lower])
    return tuple(dict.fromkeys([word, *others]))
