"""Pictures by models: any endpoint that speaks OpenAI's images API, each within the budget."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from agents.openai_client import client
from agents.profile import PictureModel
from agents.spending import Ledger
from agents.turn import Drawn
from feed_core.errors import Refusal, Unavailable
from feed_core.media import LARGEST_FILE
from feed_core.services.ledger import BudgetSpent

SERVICE = "The picture model"
PURPOSE = "paint"
LONGEST_PROMPT = 2_000  # characters
ALWAYS_INLINE = "gpt-image"  # these send the picture itself, and refuse to be told so


class PictureDeclined(Refusal):
    """The picture model will not paint these words."""

    code = "picture_declined"


@dataclass(frozen=True, slots=True)
class ModelPainter:
    """Asks the picture models in order until one paints.

    The request and its answer: https://platform.openai.com/docs/api-reference/images/create.
    """

    models: Sequence[PictureModel]
    ledger: Ledger

    async def paint(self, *, member_id: int, prompt: str, background: bool = False) -> Drawn:
        """A picture of what the prompt says, as bytes that nobody has looked at yet.

        `background`: nobody asked for it just now.

        Raises:
            PictureDeclined: the words are against the rules of who runs the model.
            Unavailable: no picture model answered with a picture.
            BudgetSpent: the member may spend no more.
        """
        failed: Exception | None = None
        for model in self.models:
            try:
                picture = await self.ledger.priced(
                    member_id,
                    PURPOSE,
                    model.name,
                    model.price,
                    partial(_asked, model, prompt),
                    background=background,
                )
            except (BudgetSpent, PictureDeclined):
                raise
            except Exception as error:  # noqa: BLE001  # a client's errors share no base class
                failed = error
            else:
                return Drawn(picture, model.name)
        raise Unavailable(SERVICE) from failed


async def _asked(model: PictureModel, prompt: str) -> bytes:
    from openai import BadRequestError

    options: dict[str, Any] = {"model": model.name, "prompt": prompt[:LONGEST_PROMPT], "n": 1}
    if model.size:
        options["size"] = model.size
    if not model.name.startswith(ALWAYS_INLINE):
        options["response_format"] = "b64_json"  # else it may be an address, which is not fetched
    async with client(model.base_url) as endpoint:
        try:
            answer = await endpoint.images.generate(**options)
        except BadRequestError as error:
            raise PictureDeclined from error
    encoded = answer.data[0].b64_json if answer.data else None
    if not encoded or len(encoded) > LARGEST_FILE * 4 // 3 + 4:
        raise Unavailable(SERVICE)
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise Unavailable(SERVICE) from error
