"""The model of what is read from a file or an envelope."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A value from a file: unknown keys are errors, nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
