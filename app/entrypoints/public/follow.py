"""Follow a register, a recommendation, a theme or a body by e-mail: the form, and the pages that letters link to.

None needs an account, a cookie or a script. They are not there without a mail server, except the page to stop.
"""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.reader_form import ReaderForm
from app.presentation.i18n.translation import page_language
from app.services.container import Services
from app.services.followers import requests
from app.services.followers.requests import FollowRequest, TooManyRequests
from app.services.followers.topics import FOLDERS, REGISTER, Topic, find_topic
from app.services.form_stamps import make_stamp
from domain.errors import NotFound, Refused, refusal

FORM_NAME = "follow"
"""What the stamp of the form is about."""


@public.route("/<register:register>/follow/", methods=["GET", "POST"])
def follow(register: str) -> Response:
    """The form; its parameters name what is followed, the register itself without any."""
    _require_mail_server(services())
    parameters = read_parameters(*FOLDERS, "sent")
    kind = next((kind for kind in FOLDERS if kind in parameters), REGISTER)
    form, status, of = ReaderForm("email"), 200, {kind: parameters[kind]} if kind in FOLDERS else {}
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        topic = find_topic(db, register, kind, of.get(kind, ""))
    if request.method == "POST":
        try:
            requests.request_follow(services(), _request(topic, form))
            return redirect(page_url("public.follow", register=register, sent="yes", **of), 303)
        except Refused as refused:
            form.refuse(refused.refusals)
            status = 429 if isinstance(refused, TooManyRequests) else 400
    html = render_template(
        "public/follow.html",
        **page.context("public.follow", dated=False, **of) | {"is_listed": False},
        form=form,
        topic=topic,
        of=of,
        is_sent="sent" in parameters,
        stamp=make_stamp(services().settings, FORM_NAME, services().clock()),
    )
    return _uncached(html, status)


@public.route("/follow/confirm/<token>/", methods=["GET", "POST"])
def confirm_follow(token: str) -> Response:
    """Opening the link only shows the button, because mail scanners open links."""
    read_parameters()
    _require_mail_server(services())
    if request.method == "POST":
        requests.confirm_follow(services(), token)
    with services().accounts.work() as db:
        wanted = requests.find_request(services(), db, token)
        stop = page_url("public.stop_following", token=requests.stop_token(services(), db, wanted))
    ((_follow, topic),) = requests.topics_of(services(), [wanted])
    if topic is None:
        raise NotFound(refusal("What this is about is not on this site any more."))
    return _uncached(
        render_template(
            "public/follow_confirm.html",
            topic=topic,
            is_confirmed=bool(wanted.confirmed_at),
            stop=stop,
            number=wanted.id,
        )
    )


@public.route("/follow/stop/<token>/", methods=["GET", "POST"])
def stop_following(token: str) -> Response:
    """Opening the link shows what is followed; the forms, or one click in a mail program, end it."""
    read_parameters()
    if request.method == "POST":
        requests.stop_following(services(), token, request.form.get("follow", ""))
    with services().accounts.work() as db:
        follows = requests.follows_of(services(), db, token)
    topics = requests.topics_of(services(), follows)
    return _uncached(render_template("public/follow_stop.html", topics=topics, has_stopped=request.method == "POST"))


def has_mail_server(container: Services) -> bool:
    """Whether pages show that something can be followed by e-mail."""
    return bool(container.settings.smtp_url)


def _require_mail_server(container: Services) -> None:
    if not has_mail_server(container):
        raise NotFound(refusal("This site sends no e-mail. Follow what you read with a feed instead."))


def _request(topic: Topic, form: ReaderForm) -> FollowRequest:
    return FollowRequest(
        topic=topic,
        email=form["email"],
        language=page_language(),
        about=FORM_NAME,
        stamp=form["stamp"],
        trap=form["trap"],
        sender=request.remote_addr or "",
    )


def _uncached(html: str, status: int = 200) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
