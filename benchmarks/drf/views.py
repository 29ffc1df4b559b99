"""The baseline's view: a view set, prefetched relations, pages by limit and offset, which count."""

from datetime import date
from typing import Any

from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from benchmarks.drf import serializers
from benchmarks.drf.models import Participation, Unit

WHOLE = (
    "participation_set__organisation",
    "unitfunction_set__function",
    "cover_set__agreement",
    "citation_set__source",
)


class Pages(LimitOffsetPagination):
    default_limit, max_limit = 50, 200

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        return Response({"data": data, "meta": {"total": self.count}, "links": links})


class Units(ReadOnlyModelViewSet):
    queryset = Unit.objects.select_related("alliance").prefetch_related(*WHOLE).order_by("slug")
    serializer_class = serializers.Unit
    pagination_class = Pages
    lookup_field = "slug"

    def day(self) -> int | None:
        stated = self.request.query_params.get("as_of")
        return date.fromisoformat(stated).toordinal() if stated else None

    def get_queryset(self) -> Any:
        found, force, day = super().get_queryset(), self.request.query_params.get("force"), self.day()
        if day is not None:
            found = found.filter(held_from__lte=day, held_until__gt=day)
        if force:
            taking = Participation.objects.filter(organisation__slug=force).order_by()
            if day is not None:
                taking = taking.filter(held_from__lte=day, held_until__gt=day)
            found = found.filter(number__in=taking.values("unit_id"))
        return found

    def paginate_queryset(self, queryset: Any) -> Any:
        units, day = super().paginate_queryset(queryset), self.day()
        for unit in units if day is not None else ():
            unit.on(day, self.request.query_params.get("force"))
        return units

    def retrieve(self, request: Any, *arguments: Any, **named: Any) -> Response:
        return Response({"data": super().retrieve(request, *arguments, **named).data, "meta": {}, "links": {}})
