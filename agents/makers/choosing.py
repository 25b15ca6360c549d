"""Which maker a wish in plain words asks for, and which one carries when it does not."""

from collections.abc import Iterator, Sequence

from agents.makers.forms.abecedary import Abecedary
from agents.makers.forms.acrostic import Acrostic
from agents.makers.forms.cento import Cento
from agents.makers.forms.chimera import Chimera
from agents.makers.forms.cinquain import Cinquain
from agents.makers.forms.corpse import Corpse
from agents.makers.forms.cutup import CutUp
from agents.makers.forms.elevenie import Elevenie
from agents.makers.forms.erasure import Erasure
from agents.makers.forms.fib import Fib
from agents.makers.forms.haiku import Haiku
from agents.makers.forms.lipogram import Lipogram
from agents.makers.forms.litany import Litany
from agents.makers.forms.mesostic import Mesostic
from agents.makers.forms.mirror import Mirror
from agents.makers.forms.pantoum import Pantoum
from agents.makers.forms.permutation import Permutation
from agents.makers.forms.refrain import Refrain
from agents.makers.forms.s7 import SPlusSeven
from agents.makers.forms.snowball import Snowball
from agents.makers.forms.tanka import Tanka
from agents.makers.forms.telegram import Telegram
from agents.makers.forms.triolet import Triolet
from agents.makers.forms.univocal import Univocal
from agents.makers.languages import language_of
from agents.makers.making import Made, Maker, NothingToMake, Source
from agents.makers.naming import found

_SEVERAL = ("cento", "cut-up", "litany", "erasure", "permutation")  # what fits, the best first
_ONE = ("erasure", "cut-up", "haiku", "litany", "telegram", "permutation")
_SHORT = ("permutation", "telegram", "erasure", "snowball", "litany", "cut-up", "mirror", "haiku")


def makers() -> tuple[Maker, ...]:
    """Every maker of texts there is."""
    return (
        *(Erasure(), Haiku(), CutUp(), Cento(), SPlusSeven(), Chimera(), Corpse(), Litany()),
        *(Pantoum(), Triolet(), Refrain(), Mirror(), Permutation(), Acrostic(), Mesostic()),
        *(Abecedary(), Snowball(), Lipogram(), Univocal(), Telegram()),
        *(Tanka(), Cinquain(), Fib(), Elevenie()),
    )


def made_from(sources: Sequence[Source], *, wish: str, seed: int) -> tuple[Made, Maker]:
    """What the maker that the wish names makes of the sources; without a name one that fits.

    Raises:
        NothingToMake: they hold too little for it; another maker is named that they do for.
    """
    maker = named(wish)
    if maker is None:
        refused: NothingToMake | None = None
        for other in _fitting(sources, _SEVERAL if len(sources) > 1 else _ONE):
            try:
                return other.make(sources, wish=wish, seed=seed), other
            except NothingToMake as error:
                refused = refused or error
        raise refused or NothingToMake("remix", "language", 0, 1)
    if language_of(it.body or it.title for it in sources) not in maker.languages:
        raise NothingToMake(maker.name, "language", 0, 1, _instead(sources, seed))
    try:
        return maker.make(sources, wish=wish, seed=seed), maker
    except NothingToMake as error:
        error.instead = _instead(sources, seed)
        raise


def named(wish: str) -> Maker | None:
    """The maker whose name or keyword stands in the wish; slips of a key are forgiven."""
    return found(wish, ((it, (it.name, *it.keywords)) for it in makers()))


def _fitting(sources: Sequence[Source], names: Sequence[str]) -> Iterator[Maker]:
    by_name = {it.name: it for it in makers()}
    language = language_of(it.body or it.title for it in sources)
    for name in dict.fromkeys((*names, *_SHORT)):
        if language in by_name[name].languages:
            yield by_name[name]


def _instead(sources: Sequence[Source], seed: int) -> str:
    """The name of a maker that these sources are enough for; nothing where none is."""
    for other in _fitting(sources, _SEVERAL if len(sources) > 1 else _ONE):
        try:
            other.make(sources, wish="", seed=seed)
        except NothingToMake:
            continue
        return other.name
    return ""
