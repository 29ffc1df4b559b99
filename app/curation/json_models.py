"""Bodies as models: read by Pydantic, and refused in the registry's own words."""

from typing import TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from app.api.json_bodies import parsed

BodyModel = TypeVar("BodyModel", bound=BaseModel)


def read_model(model: type[BodyModel], body: bytes) -> BodyModel:
    """The model that a body is. Raises Unsupported for what is no JSON, RequestValidationError naming every fault."""
    try:
        return model.model_validate(parsed(body))
    except ValidationError as error:
        faults = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from error
