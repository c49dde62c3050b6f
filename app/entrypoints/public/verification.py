"""The page where anyone can verify that the record is unchanged."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import page_links
from app.services.snapshots.standalone_verifier import GUIDES
from app.services.transparency import checkpoints
from app.services.transparency.signed_notes import parse_note
from app.services.transparency.signing_keys import key_list
from domain.times import instant


@public.get("/verify/")
def verify() -> str:
    read_parameters()
    settings = services().settings
    keys = key_list(settings)
    note = checkpoints.newest_note(services().jobs)
    return render_template(
        "public/verify.html",
        **page_links("public.verify"),
        note=note,
        checkpoint=parse_note(note)[0] if note else None,
        keys=keys.keys,
        parse_instant=instant,
        trusted=[
            {"use": key.use, "vkey": key.vkey, "fingerprint": key.fingerprint, "until": key.until}
            for key in keys.keys
            if not key.compromised_since
        ],
        guides=GUIDES,
    )
