"""Where proposals are read, and how their paths name one."""

from typing import Annotated

from fastapi import Path

PATH = "/v1/proposals"
ProposalNumber = Annotated[int, Path(alias="id", description="The number of the proposal.", ge=1, le=999_999_999)]


def url(number: int) -> str:
    """Where a proposal is read."""
    return f"{PATH}/{number}"
