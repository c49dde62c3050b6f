"""Names what an import would do, so that what is stored is what a person saw in the preview."""

from hashlib import sha256

import msgspec

from app.services.bundles.import_plan import ImportPlan
from domain.errors import Conflict, refusal

_ENCODER = msgspec.json.Encoder(enc_hook=str, order="deterministic")
DIGEST_CHARACTERS = 32


def plan_digest(plan: ImportPlan) -> str:
    """The digest, in hexadecimal, of what the register holds now and of all that the import adds and amends."""
    digest = sha256()
    for part in (plan.stored, list(plan.drafts.items()), plan.is_open, plan.new, plan.new_reviews, plan.new_logo):
        digest.update(_ENCODER.encode(part) + b"\n")
    for amendment in plan.amendments.values():
        digest.update(_ENCODER.encode((amendment.sheet, amendment.line, amendment.row, amendment.changes)) + b"\n")
    return digest.hexdigest()[:DIGEST_CHARACTERS]


def check_previewed(digest: str, previewed: str | None) -> None:
    """Raise `Conflict` if an import would not do what was previewed; None if nothing was previewed."""
    if previewed is not None and previewed != digest:
        raise Conflict(
            refusal(
                "The register or the file changed after the preview, so nothing was stored.",
                cure="Look at the new preview, and import again if it is right.",
            )
        )
