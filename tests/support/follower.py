"""A reader who follows something by e-mail: fills in the form, opens links of letters, and reads them."""

import re
from email.message import EmailMessage

from flask import Flask
from werkzeug.test import TestResponse

from app.services.container import Services
from domain import commands as c
from tests.support.mailbox import words
from tests.support.pages import Page, checked_page
from tests.support.story import assessment

SITE = "http://127.0.0.1:8000"


class Follower:
    """A reader with an address and no cookie."""

    def __init__(self, app: Flask, name: str = "reader") -> None:
        self.client, self.email = app.test_client(use_cookies=False), f"{name}@example.org"
        self.clock = app.extensions["uptake"].clock

    def ask(self, path: str = "/small/follow/", wait: int = 30, **fields: str) -> TestResponse:
        """Open the form, wait as long as a person would, and send it."""
        stamp = self.client.get(path).text.partition('name="stamp" value="')[2].partition('"')[0]
        self.clock.go_on(seconds=wait)
        return self.client.post(path, data={"email": self.email, "stamp": stamp, **fields})

    def open(self, link: str, status: int = 200) -> Page:
        return checked_page(link, status, self.client.get(link).text)

    def press(self, link: str, **fields: str) -> Page:
        answer = self.client.post(link, data=fields)
        return checked_page(link, answer.status_code, answer.text)


def link_in(letter: EmailMessage, action: str) -> str:
    """The path of the link that confirms or stops."""
    found = re.search(rf"{SITE}((?:/\w\w)?/follow/{action}/\S+)", words(letter))
    assert found, words(letter)
    return found[1]


def publish(services: Services, recommendation: str = "law", **fields: object) -> str:
    """Propose and publish an assessment; returns its id."""
    said = {"effective_on": "2026-02", "status": "in_progress", "reason": "world_changed", "evidence": ("story",)}
    command = c.ProposeAssessment("small", recommendation=recommendation, assessment=assessment(**(said | fields)))
    ident = services.execute(command, by="ana")
    services.execute(c.PublishAssessment("small", recommendation=recommendation, assessment=ident), by="ben")
    return ident
