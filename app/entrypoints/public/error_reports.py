"""A form for readers to report an error. It needs no account, no cookie and no script."""

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
from app.services.error_reports.sending import SentReport, TooManyReports, about_page, form_name, send_report
from app.services.form_stamps import make_stamp
from domain.errors import Refused


@public.route("/<register:register>/report-error/", methods=["GET", "POST"])
def report_error(register: str) -> Response:
    parameters = read_parameters("page", "sent")
    container, form, status = services(), ReaderForm("text", "email", "page"), 200
    with container.views.connect() as db:
        page = Page(container, db, register, {})
    form.values["page"] = about_page(register, form["page"] or parameters.get("page", ""))
    if request.method == "POST":
        try:
            send_report(container, _report(register, form))
            sent = page_url("public.report_error", register=register, sent="yes", page=form["page"])
            return redirect(sent, 303)
        except Refused as refused:
            form.refuse(refused.refusals)
            status = 429 if isinstance(refused, TooManyReports) else 400
    return _form_page(container, page, form, status=status, is_sent="sent" in parameters)


def _report(register: str, form: ReaderForm) -> SentReport:
    return SentReport(
        register=register,
        page=form["page"],
        text=form["text"],
        language=page_language(),
        email=form["email"],
        trap=form["trap"],
        stamp=form["stamp"],
        sender=request.remote_addr or "",
    )


def _form_page(container: Services, page: Page, form: ReaderForm, *, status: int, is_sent: bool) -> Response:
    html = render_template(
        "public/report_error.html",
        **page.context("public.report_error", dated=False) | {"is_listed": False},
        form=form,
        is_sent=is_sent,
        stamp=make_stamp(container.settings, form_name(page.id), container.clock()),
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response
