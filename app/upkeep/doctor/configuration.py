"""The settings, as far as they can be judged without the database."""

from collections.abc import Iterator

from app.settings import Settings, SettingsError, get_settings
from app.upkeep.doctor.diagnosis import Diagnosis


def wrong_settings() -> Iterator[Diagnosis]:
    """Variables that are no settings, and values that cannot be."""
    try:
        get_settings()
    except SettingsError as error:
        for line in str(error).splitlines():
            yield Diagnosis(line, "correct or remove the variable; README.md lists all of them")


def impatience(settings: Settings) -> Iterator[Diagnosis]:
    """A database that is waited for longer than the request: nobody hears what it says."""
    for name, seconds in (("STATEMENT", settings.statement_timeout), ("LOCK", settings.lock_timeout)):
        if seconds >= settings.request_timeout:
            yield Diagnosis(
                f"REGISTRY_{name}_TIMEOUT ({seconds}) is not shorter than REGISTRY_REQUEST_TIMEOUT "
                f"({settings.request_timeout})",
                "make it shorter, or requests are given up before the database is",
            )


def missing_settings(settings: Settings) -> Iterator[Diagnosis]:
    """What a register that others use should say of itself."""
    wanted = {
        "REGISTRY_PUBLIC_URL": (
            settings.public_url,
            "set it, or linked data and links name the address of each request",
        ),
        "REGISTRY_OPERATOR": (settings.operator, "set it to say who runs this register"),
        "REGISTRY_CONTACT": (settings.contact, "set it to say whom to ask and to warn"),
    }
    for name, (value, fix) in wanted.items():
        if value is None:
            yield Diagnosis(f"{name} is not set", fix, note=True)
