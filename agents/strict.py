"""A part of `agents.yaml`: what it may hold, and nothing else."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of the file; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
