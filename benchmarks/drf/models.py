"""The tables of the ORM baseline, as Django's models."""

from typing import Any

from django.db import models

from benchmarks.orm.derived import CoverFacts, DatedFacts, UnitFacts


class Named(models.Model):
    number = models.AutoField(primary_key=True, db_column="pk")
    slug = models.CharField(db_column="id", unique=True)  # Django keeps the name `id` for keys
    name = models.CharField()
    path = ""
    type = ""

    class Meta:
        abstract = True

    @property
    def url(self) -> str:
        return f"/v1/{self.path}/{self.slug}"


class Dated(DatedFacts, models.Model):
    started_edtf = models.CharField(null=True)
    ended_edtf = models.CharField(null=True)
    observed_edtf = models.JSONField()
    held_from = models.IntegerField()
    held_until = models.IntegerField()

    class Meta:
        abstract = True


class Force(Named):
    path, type = "forces", "force"

    class Meta:
        managed, db_table = False, "force"


class Function(Named):
    path, type = "functions", "function"

    class Meta:
        managed, db_table = False, "function"


class Alliance(Named):
    path, type = "alliances", "alliance"

    class Meta:
        managed, db_table = False, "alliance"


class Source(Named):
    path, type = "sources", "source"

    class Meta:
        managed, db_table = False, "source"


class Agreement(Named, Dated):
    path, type = "agreements", "agreement"
    kind = models.CharField(null=True)

    class Meta:
        managed, db_table = False, "agreement"


class Unit(UnitFacts, Named, Dated):
    path, type = "joint-units", "joint-unit"
    kind = models.CharField(null=True)
    location = models.CharField(null=True)
    revision = models.IntegerField()
    alliance = models.ForeignKey(Alliance, models.DO_NOTHING, db_column="alliance_pk", null=True)

    class Meta:
        managed, db_table = False, "unit"

    # what was read with the unit: the same objects each time
    @property
    def all_participants(self) -> Any:
        return self.participation_set.all()

    @property
    def functions_in_order(self) -> Any:
        return self.unitfunction_set.all()

    @property
    def covers(self) -> Any:
        return self.cover_set.all()


class UnitFunction(models.Model):
    pk = models.CompositePrimaryKey("unit_id", "position")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, db_column="unit_pk")
    position = models.IntegerField()
    function = models.ForeignKey(Function, models.DO_NOTHING, db_column="function_pk")

    class Meta:
        managed, db_table, ordering = False, "unit_function", ["position"]


class Cover(CoverFacts, models.Model):
    pk = models.CompositePrimaryKey("unit_id", "agreement_id")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, db_column="unit_pk")
    agreement = models.ForeignKey(Agreement, models.DO_NOTHING, db_column="agreement_pk")

    class Meta:
        managed, db_table = False, "cover"


class Participation(Dated):
    number = models.AutoField(primary_key=True, db_column="pk")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, db_column="unit_pk")
    position = models.IntegerField()
    organisation = models.ForeignKey(Force, models.DO_NOTHING, db_column="force_pk")
    role = models.CharField(null=True)

    class Meta:
        managed, db_table, ordering = False, "participation", ["position"]


class Citation(models.Model):
    number = models.AutoField(primary_key=True, db_column="pk")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, db_column="unit_pk")
    source = models.ForeignKey(Source, models.DO_NOTHING, db_column="source_pk")
    locator = models.CharField(null=True)
    about = models.JSONField()
    basis = models.CharField()
    among = None
    value = None
    note = None

    class Meta:
        managed, db_table, ordering = False, "citation", ["number"]
