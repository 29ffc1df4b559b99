"""The baseline's serializers; dates are worked out already, and go through as they are."""

from typing import Any

from rest_framework import serializers


class Reference(serializers.Serializer):
    id = serializers.CharField(source="slug")
    type = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()


class Dated(serializers.Serializer):
    started = serializers.JSONField()
    ended = serializers.JSONField()
    observed = serializers.JSONField()
    presence = serializers.CharField()


class Participation(Dated):
    organisation = Reference()
    role = serializers.CharField()


class Cover(Dated):
    agreement = Reference()
    kind = serializers.CharField()


class Citation(serializers.Serializer):
    source = Reference()
    locator = serializers.CharField()
    about = serializers.JSONField()
    basis = serializers.CharField()
    among = serializers.IntegerField()
    value = serializers.CharField()
    note = serializers.CharField()


class Unit(Dated):
    id = serializers.CharField(source="slug")
    type = serializers.CharField()
    url = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    functions = Reference(many=True)
    alliance = Reference()
    participants = Participation(many=True)
    location = serializers.CharField()
    agreements = Cover(many=True)
    lifecycle = serializers.CharField()
    citations = Citation(many=True, source="citation_set")
    revision = serializers.IntegerField()
    not_recorded = serializers.JSONField()
    presence_of_record = serializers.CharField()

    def to_representation(self, instance: Any) -> Any:
        return {**super().to_representation(instance), **EMPTY}


EMPTY: dict[str, Any] = {
    **dict.fromkeys(("other_names", "governance", "predecessors", "successors", "proposed_by", "identifiers"), ()),
    **dict.fromkeys(("part_of", "end_reason", "note")),
}
"""What nothing in the data fills."""
