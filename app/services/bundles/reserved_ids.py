"""The ids that no register can have, since an address of the site itself has that name."""

from app.presentation.i18n.languages import LANGUAGES

SITE_NAMES = frozenset(
    {
        *("about", "accounts", "api", "download", "embed", "follow", "healthz", *LANGUAGES, "methodology", "metrics"),
        *("oembed", "readyz", "robots", "robots-txt", "search", "sitemap", "staff", "static", "style", "verify"),
    }
)
"""How addresses of the site begin."""
STAFF_NAMES = frozenset(
    {
        *("account", "add-source", "browser-button", "confirm", "demos", "drafts", "forgotten-password", "fs-static"),
        *("help", "history", "mail", "mf-recovery-codes", "passkey", "password", "problems", "provider", "recovery"),
        *("registers", "second-factor", "sign-in", "sign-out", "spreadsheet", "tf-rescue", "tf-setup", "welcome"),
    }
)
"""What follows /staff/ in addresses that are about no register."""


def is_reserved(ident: str) -> bool:
    """Whether a register with this id would hide an address of the site, or be hidden by it."""
    return ident in SITE_NAMES or ident in STAFF_NAMES
