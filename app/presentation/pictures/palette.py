"""The colours of the light pages, for pictures. A test compares them with the style sheet."""

PAPER, INK, QUIET, RULE = "#ffffff", "#15202b", "#44505b", "#cfd6dc"
FILL = {
    "in_effect": "#0b2c47",
    "implemented": "#1f6a9c",
    "partly": "#62a3cc",
    "in_progress": "#a9d0e6",
    "announced": "#d9ecf8",
    "no_action": "#f3dfb4",
    "contrary": "#6d371c",
    "reversed": "#cf6a1d",
    "not_assessed": "#ffffff",
    "superseded": "#a3adb5",
    "unverifiable": "#d5dade",
}
EDGE = {
    "in_effect": "#0b2c47",
    "implemented": "#1b5c88",
    "partly": "#2f6f99",
    "in_progress": "#43789b",
    "announced": "#4d7f9f",
    "no_action": "#8f6b2a",
    "contrary": "#6d371c",
    "reversed": "#a84f0c",
    "not_assessed": "#66727d",
    "superseded": "#5f6b76",
    "unverifiable": "#5f6b76",
}
ON = {"in_effect": "#ffffff", "implemented": "#ffffff", "contrary": "#ffffff"}
"""The text colour on a fill, if it is not ink."""
PRINT = FILL | {
    "in_progress": "#bcdbec",
    "announced": "#eaf4fa",
    "no_action": "#f8ecd2",
    "superseded": "#b3bcc3",
    "unverifiable": "#e3e7ea",
}
"""The fills in print, where most have a pattern on top."""
MARK = {
    "in_effect": "#c4dcee",
    "partly": "#2f6f99",
    "in_progress": "#6a9dbd",
    "announced": "#4d7f9f",
    "no_action": "#8f6b2a",
    "contrary": "#e3c3b1",
    "reversed": "#ffe9d6",
    "superseded": "#414b54",
    "unverifiable": "#5f6b76",
}
"""The ink of the patterns on paper."""
