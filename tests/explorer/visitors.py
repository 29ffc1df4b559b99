"""People before the pages of curators: they read a page, fill in its form as a browser would, and send it."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.api.test_answer_headers import BROWSER
from tests.bearers import key


class FormReading(HTMLParser):
    """The forms of a page: by where each is sent, its fields as a browser sends them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self.attributes = set[str]()
        self._fields: dict[str, str] | None = None
        self._name = ""
        self._text: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes |= given.keys()
        if tag == "form":
            self._fields = self.forms.setdefault(given.get("action", ""), {})
        elif self._fields is None:
            return
        elif tag == "option" and "selected" in given:
            self._fields[self._name] = given["value"]
        elif "name" in given and tag != "button" and (given.get("type") != "checkbox" or "checked" in given):
            self._name = given["name"]
            self._fields[self._name] = given.get("value", "")
            self._text = [] if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None and self._fields is not None:
            self._fields[self._name] = "".join(self._text).removeprefix("\n")
            self._text = None
        if tag == "form":
            self._fields = None


class Visitor:
    """A browser with its cookies; it says where its forms come from, as browsers do."""

    def __init__(self, client: httpx.Client) -> None:
        self.client, self.cookies = client, httpx.Cookies()
        self.origin = str(client.base_url).rstrip("/")

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {**BROWSER, **more.pop("headers", {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.client.request(method, path, headers=headers, **more)
        for name, value in answer.cookies.items():
            self.cookies.set(name, value)
        self.client.cookies.clear()
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def fields(self, page: httpx.Response, action: str) -> dict[str, str]:
        return FormReading(page.text).forms[action]

    def send(self, page: httpx.Response, action: str, step: str | None = None, **filled: str) -> httpx.Response:
        """Send a form of a page; names have `__` for slashes."""
        given = self.fields(page, action) | {name.replace("__", "/"): value for name, value in filled.items()}
        if step:
            given["step"] = step
        return self.ask("POST", action, data=given, headers={"Origin": self.origin, "Sec-Fetch-Site": "same-origin"})

    def sign_in(self, text: str, to: str = "") -> httpx.Response:
        page = self.get(f"/sign-in?to={to}" if to else "/sign-in")
        return self.send(page, "/sign-in", key=text)


def signed_in(client: httpx.Client, url: str, *scopes: str, **more: Any) -> Visitor:
    """Somebody new with a key of these scopes who has signed in."""
    visitor = Visitor(client)
    answer = visitor.sign_in(key(url, *scopes, holder=more.pop("holder", "-".join(scopes)), **more))
    assert answer.status_code == 303, answer.text
    return visitor


def words(page: httpx.Response) -> str:
    """What a page says."""
    main = re.search(r"<main.*</main>", page.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0] if main else page.text)).split())


def faults(page: httpx.Response) -> Iterator[str]:
    """What stands beside the boxes of a form."""
    yield from (unescape(each) for each in re.findall(r'<p class="fault"[^>]*><b>To mend:</b> ([^<]*)', page.text))
