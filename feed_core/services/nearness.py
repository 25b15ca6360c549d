"""How near creations are to a member by their makers, tags and threads."""

from collections.abc import Collection

import numpy as np

from feed_core.services.crowd import Floats, Mask
from feed_core.services.portrait import WEIGHTS, Did, Portrait
from feed_core.services.window import Window

FOLLOWED, THREAD, OF_YOURS, TAG, FOND = 1.0, 1.0, 1.2, 0.8, 0.3
OWN = -3.0  # one's own comes last


def nearness(window: Window, portrait: Portrait) -> Floats:
    """How near each creation is by its maker, tags and thread; 1 is a maker who is followed."""
    deeds = portrait.likings()
    wanted = np.array(list(portrait.makers), dtype=np.int64)
    makers = np.union1d(deeds.makers, wanted)
    at = np.searchsorted(makers, deeds.makers)
    fond = FOND * np.log1p(np.bincount(at, WEIGHTS[deeds.did], minlength=len(makers)))
    fond[np.searchsorted(makers, wanted)] += FOLLOWED
    near = np.zeros(len(window.ids), dtype=np.float32)
    which, made = window.made.each(makers)
    near[made] = fond[which]
    for places, more in (
        (window.tags.where(tags_of(window, portrait.tags)), TAG),
        (window.threads.where(portrait.threads), THREAD),
        (window.here(portrait.threads), THREAD),
        (window.threads.where(portrait.deeds.only(Did.MADE).ids.tolist()), OF_YOURS),
    ):
        near[places] += np.float32(more)  # once, however often a place is named
    near[window.made.where([portrait.reader.member_id])] = OWN
    return near


def followed(window: Window, portrait: Portrait) -> Mask:
    """What has a maker, tag or thread that the member follows."""
    found: Mask = np.zeros(len(window.ids), dtype=bool)
    found[window.made.where(portrait.makers)] = True
    found[window.tags.where(tags_of(window, portrait.tags))] = True
    found[window.threads.where(portrait.threads)] = True
    found[window.here(portrait.threads)] = True
    return found


def tags_of(window: Window, tags: Collection[str]) -> list[int]:
    """The numbers that these tags have here."""
    return [window.tag_numbers[it] for it in tags if it in window.tag_numbers]
