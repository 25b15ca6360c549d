"""Voice notes as words: any endpoint that speaks OpenAI's audio API, within the budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from agents.openai_client import client
from agents.parameters import whole
from agents.profile import SpeechModel
from agents.speech import NothingHeard, Recorded
from agents.spending import Ledger
from feed_core.errors import Unavailable
from feed_core.services.ledger import BudgetSpent

SERVICE = "The speech model"
PURPOSE = "listen"
MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class ModelTranscriber:
    """Asks the speech models in order until one answers.

    https://platform.openai.com/docs/api-reference/audio/createTranscription
    """

    models: Sequence[SpeechModel]
    ledger: Ledger

    async def words(self, *, member_id: int, recorded: Recorded) -> str:
        """What is said in a voice note, as the model hears it; raises as `Transcriber` does."""
        failed: Exception | None = None
        for model in self.models:
            try:
                words = await self.ledger.priced(
                    member_id,
                    PURPOSE,
                    model.name,
                    model.price * recorded.seconds / MINUTE,
                    partial(_asked, model, recorded),
                )
            except BudgetSpent:
                raise
            except Exception as error:  # noqa: BLE001  # a client's errors share no base class
                failed = error
                continue
            if not words:
                raise NothingHeard
            return words
        raise Unavailable(SERVICE) from failed


async def _asked(model: SpeechModel, recorded: Recorded) -> str:
    async with client(model.base_url) as endpoint:
        answer = await endpoint.audio.transcriptions.create(
            model=model.name, file=(recorded.name, recorded.content), response_format="json"
        )
    return whole(answer.text).strip()
