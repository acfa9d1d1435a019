"""A client of the PIM REST API for tests: a connection, its token, short verbs."""

import json
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from pim.actions.connections import create_connection
from pim.actions.requests import forget_requests
from pim.actions.tokens import give_tokens
from pim.content.actor import Actor

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SETUP = Actor("setup", "command")
V1 = "/api/rest/v1"
LINES = "application/vnd.akeneo.collection+json"


class RestClient:
    """Speaks to the API as one connection; documents in, responses out."""

    def __init__(self, code="shop", *, rights=None, **fields):
        forget_requests()
        user = None if rights is None else user_with(code, rights)
        self.connection, self.credentials = create_connection(
            code, user=user, actor=SETUP, at=NOW, **fields
        )
        self.token = give_tokens(self.connection, at=timezone.now()).access
        self.http = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path, query=None, **headers):
        return self.http.get(V1 + path, query or {}, headers=_named(headers))

    def send(self, method, path, document=None, *, content_type="application/json", **headers):
        body = b"" if document is None else document
        if not isinstance(body, bytes | str):
            body = json.dumps(body)
        return self.http.generic(
            method, V1 + path, body, content_type=content_type, headers=_named(headers)
        )

    def post(self, path, document, **headers):
        return self.send("POST", path, document, **headers)

    def patch(self, path, document, **headers):
        return self.send("PATCH", path, document, **headers)

    def delete(self, path, **headers):
        return self.send("DELETE", path, **headers)

    def lines(self, path, documents, **headers):
        """Send a collection; documents that are text or bytes are lines as they are."""
        texts = [d if isinstance(d, str) else json.dumps(d) for d in documents]
        return self.send("PATCH", path, "\n".join(texts), content_type=LINES, **headers)

    def answers(self, path, documents, **headers):
        """Send a collection and return its answers as documents."""
        return read_lines(self.lines(path, documents, **headers))


def read_lines(response) -> list[dict]:
    """Return the answers of a collection."""
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().split(b"\n")]


def user_with(name, rights):
    """Return a user with those rights: ["view_category", …]."""
    from django.contrib.auth.models import Permission

    user = get_user_model().objects.create_user(f"{name}-user", password="secret-word-9")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}
