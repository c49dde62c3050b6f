"""The page with which anybody checks that the record is as it was."""

from flask import render_template

from app.jobs.tables import open_jobs
from app.public.blueprint import public
from app.transparency import checkpoints
from app.transparency.keys import known_keys
from app.transparency.notes import parsed
from app.web.asking import parameters
from app.web.services import services


@public.get("/verify/")
def verify() -> str:
    parameters()
    settings = services().settings
    jobs = open_jobs(settings)
    try:
        note = checkpoints.newest(jobs)
    finally:
        jobs.dispose()
    return render_template(
        "public/verify.html", note=note, checkpoint=parsed(note)[0] if note else None, keys=known_keys(settings)
    )
