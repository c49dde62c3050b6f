"""Reads and writes the display scales of a register, its own words for the statuses."""

from collections.abc import Mapping

from app.services.bundles.setting_checks import SettingsChecker
from domain.codes import Status
from domain.errors import refusal
from domain.values import DisplayScale

_TITLE, _LABELS = "title_", "labels_"


def read_scales(data: object, checker: SettingsChecker) -> tuple[DisplayScale, ...]:
    """Return the valid scales, and report what is wrong with the others."""
    if not isinstance(data, list):
        checker.add("scales", refusal("enter a list."))
        return ()
    scales = (_read_scale(item, f"scales[{n}]", checker) for n, item in enumerate(data, 1))
    return tuple(scale for scale in scales if scale)


def write_scale(scale: DisplayScale) -> dict[str, object]:
    """Return a scale as `register.json` contains it."""
    languages = sorted({*scale.titles, *scale.labels_in})
    in_languages: dict[str, object] = {}
    for code in languages:
        if code in scale.titles:
            in_languages[_TITLE + code] = scale.titles[code]
        if code in scale.labels_in:
            in_languages[_LABELS + code] = _sorted(scale.labels_in[code])
    return {"id": scale.id, "title": scale.title, "labels": _sorted(scale.labels), **in_languages}


def _sorted(labels: Mapping[Status, str]) -> dict[str, str]:
    return {status.value: labels[status] for status in Status if status in labels}


def _read_scale(item: object, place: str, checker: SettingsChecker) -> DisplayScale | None:
    if not isinstance(item, dict):
        checker.add(place, refusal("enter an object with id, title and labels."))
        return None
    titles = [key for key in item if key.startswith(_TITLE)]
    labels = [key for key in item if key.startswith(_LABELS)]
    checker.refuse_unknown(item, ("id", "title", "labels", *titles, *labels), f"{place}.")
    where = f"{place}."
    return DisplayScale(
        id=checker.text(item, "id", required=True, where=where),
        title=checker.text(item, "title", required=True, where=where),
        labels=_read_labels(item, "labels", where, checker),
        titles={key.removeprefix(_TITLE): checker.text(item, key, where=where) for key in titles},
        labels_in={key.removeprefix(_LABELS): _read_labels(item, key, where, checker) for key in labels},
    )


def _read_labels(item: Mapping[str, object], key: str, where: str, checker: SettingsChecker) -> dict[Status, str]:
    labels = item.get(key, {})
    if not isinstance(labels, dict):
        checker.add(where + key, refusal("enter an object with a label for each status."))
        return {}
    checker.refuse_unknown(labels, tuple(Status), f"{where}{key}.")
    texts = {status: checker.text(labels, status, where=f"{where}{key}.") for status in Status if status in labels}
    return {status: text for status, text in texts.items() if text}
