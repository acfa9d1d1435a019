"""Rules through our own API: read, written with If-Match, previewed, run."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from pim.actions.rules import delete_rule, queue_rules, save_rule
from pim.actions.rules.saving import FIELDS
from pim.content.refusals import InvalidValue, _
from pim.models import Rule

from .access import View, actor_of, body_of, check_match, check_none_match, etag
from .jobs import KEY, accepted
from .paging import AFTER, LIMIT, page_of, page_shape
from .shapes import PROBLEMS, JobShape

_TYPES: dict[str, type | tuple] = {
    "name": str, "when": dict, "actions": list, "enabled": bool, "on_save": bool,
    "on_import": bool, "cadence": str, "time_zone": str, "sort_order": int,
}  # fmt: skip


class RuleShape(serializers.Serializer):
    """A rule: `when` is a selection with a search, `actions` are operations (docs/rules.md)."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField()
    when = serializers.DictField()
    actions = serializers.ListField(child=serializers.DictField())
    enabled = serializers.BooleanField(default=True)
    on_save = serializers.BooleanField(default=False)
    on_import = serializers.BooleanField(default=False)
    cadence = serializers.CharField(default="")
    time_zone = serializers.CharField(default="UTC")
    sort_order = serializers.IntegerField(default=0)
    last_job = serializers.IntegerField(read_only=True, allow_null=True)


def show_rule(rule: Rule) -> dict:
    """Return a rule as it is answered."""
    fields = {name: getattr(rule, name) for name in FIELDS}
    return {"code": rule.code, **fields, "last_job": rule.last_job_id}


def checked_fields(body: dict, types: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a body; raises where one is unknown or of another type."""
    for name, value in body.items():
        wanted = types.get(name)
        if wanted is None:
            raise InvalidValue(
                _("There is no field “%(name)s”."), code="unknown_field", field=name, name=name
            )
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise InvalidValue(
                _("“%(name)s” has another type."), code="bad_type", field=name, name=name
            )
    return body


class RuleView(View):
    """A view of rules."""

    noun = "rule"

    def rule(self, code: str) -> Rule:
        """Return the rule of that code."""
        rule = Rule.objects.filter(code=code).first()
        if rule is None:
            raise NotFound()
        return rule


class Rules(RuleView):
    """All rules."""

    @extend_schema(
        operation_id="rules_list",
        parameters=[AFTER, LIMIT],
        responses={200: page_shape(RuleShape), **PROBLEMS},
    )
    def get(self, request):
        self.require(request, "view", "change")
        return page_of(request, Rule.objects.all(), show_rule)


class OneRule(RuleView):
    """One rule."""

    @extend_schema(operation_id="rules_read", responses={200: RuleShape, **PROBLEMS})
    def get(self, request, code: str):
        self.require(request, "view", "change")
        return self._answer(self.rule(code), 200)

    @extend_schema(
        operation_id="rules_put",
        request=RuleShape,
        responses={200: RuleShape, 201: RuleShape, **PROBLEMS},
    )
    def put(self, request, code: str):
        """Create the rule, or replace it (If-Match)."""
        rule = Rule.objects.filter(code=code).first()
        self.require(request, "change" if rule else "add")
        check_none_match(request, rule)
        if rule is not None:
            check_match(request, rule)
        empty = {name: Rule._meta.get_field(name).get_default() for name in FIELDS}
        fields = {**empty, **checked_fields(_fields(request), _TYPES)}
        return self._save(request, code, fields, rule)

    @extend_schema(
        operation_id="rules_patch", request=RuleShape, responses={200: RuleShape, **PROBLEMS}
    )
    def patch(self, request, code: str):
        """Change the fields that are named (If-Match)."""
        self.require(request, "change")
        rule = self.rule(code)
        check_match(request, rule)
        return self._save(request, code, checked_fields(_fields(request), _TYPES), rule)

    @extend_schema(operation_id="rules_delete", responses={204: None, **PROBLEMS})
    def delete(self, request, code: str):
        """Delete the rule (If-Match); what it wrote stays."""
        self.require(request, "delete")
        rule = self.rule(code)
        check_match(request, rule)
        delete_rule(rule, actor=actor_of(request), at=timezone.now())
        return Response(status=204)

    def _save(self, request, code: str, fields: dict, rule: Rule | None) -> Response:
        expected = rule.row_version if rule else 0
        saved = save_rule(
            code, fields, actor=actor_of(request), at=timezone.now(), expected=expected
        )
        return self._answer(saved.rule, 201 if saved.outcome == "created" else 200)

    def _answer(self, rule: Rule, status: int) -> Response:
        return Response(show_rule(rule), status=status, headers={"ETag": etag(rule)})


class Run(RuleView):
    """Run the rule on all that it is about, now."""

    dry_run = False

    @extend_schema(
        operation_id="rules_run",
        parameters=[KEY],
        request=None,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request, code: str):
        self.require(request, "change")
        self.require(request, "change", noun="product")
        rule = self.rule(code)
        return accepted(
            request, lambda: queue_rules([rule], user=request.user, dry_run=self.dry_run)
        )


class Preview(Run):
    """Say what running the rule would change, and change nothing."""

    dry_run = True

    @extend_schema(
        operation_id="rules_preview",
        parameters=[KEY],
        request=None,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request, code: str):
        return super().post(request, code)


def _fields(request) -> dict:
    body = body_of(request)
    return {name: value for name, value in body.items() if name not in ("code", "last_job")}
