"""The acts there are, in the order in which help shows them."""

from functools import cache
from typing import Any

from agents.act import Act, Acts
from agents.acts.account import guide, start
from agents.acts.agent import (
    agent_language,
    agent_leash,
    agent_pause,
    agent_resume,
    agent_show,
    agent_tone,
)
from agents.acts.ask import ask_about
from agents.acts.browse import mine, show, summarise
from agents.acts.catchup import catchup
from agents.acts.consent import answer, consent_
from agents.acts.corrections import memory_fix, memory_history, memory_restore
from agents.acts.create import again, create, draft, remix
from agents.acts.digest import digest_last, digest_now, digest_preview
from agents.acts.digest_hours import digest_off, digest_set, digest_show
from agents.acts.digest_items import digest_asks, digest_later, digest_open, digest_why
from agents.acts.digest_pauses import digest_pause, digest_resume
from agents.acts.drafts import drafts, drop, publish, restore, visibility, withdraw
from agents.acts.edit import describe, edit
from agents.acts.feed import feed
from agents.acts.follow import follow, mute, unfollow, unmute
from agents.acts.invite import invitations_, invite
from agents.acts.jam import (
    jam_add,
    jam_end,
    jam_join,
    jam_leave,
    jam_pass,
    jam_show,
    jam_start,
)
from agents.acts.keep import save, saved, unsave
from agents.acts.learning import (
    incognito,
    memory_allow,
    memory_never,
    memory_pause,
    memory_resume,
)
from agents.acts.lineage import lineage
from agents.acts.link import link, unlink
from agents.acts.make import paint, write
from agents.acts.mediate import mediate, room_mediation
from agents.acts.meme import meme
from agents.acts.memories import forget, memory_show, remember
from agents.acts.moderate import mod_decide, mod_log, mod_queue, report
from agents.acts.naming import agent_rename, name
from agents.acts.orders import order_add, order_drop, order_list, order_pause, order_resume
from agents.acts.own_data import data_erase, data_export
from agents.acts.own_hours import digest_quiet, zone
from agents.acts.react import comment, like, react, uncomment, unlike
from agents.acts.recall import recall
from agents.acts.riff import riff
from agents.acts.room_digest import room_digest
from agents.acts.rooms import room_bind, room_leave, room_listen, room_show, room_unbind
from agents.acts.search import search
from agents.acts.share import share
from agents.acts.threads import thread
from agents.acts.undo import undo
from agents.acts.want import hide, less, more


@cache
def all_acts() -> Acts:
    """Every act, the everyday ones first; made once."""
    acts: list[Act[Any]] = [
        *(create, write, remix, riff, paint, meme, feed, search, show, thread, summarise, lineage),
        *(ask_about, catchup, recall, mediate),
        *(like, react, comment),
        *(report, save, saved, unsave, follow, unfollow, mute, unmute, more, less, hide),
        share,
        *(drafts, publish, edit, describe, again, drop, restore, draft),
        *(consent_, answer),
        *(jam_start, jam_join, jam_add, jam_pass, jam_show, jam_leave, jam_end),
        *(digest_now, digest_show, digest_set, digest_off, digest_preview, digest_last),
        digest_open,
        *(digest_why, digest_later, digest_asks, digest_pause, digest_resume, digest_quiet),
        *(order_add, order_list, order_pause, order_resume, order_drop),
        *(remember, memory_show, forget, memory_fix, memory_history, memory_restore),
        *(memory_never, memory_allow, memory_pause, memory_resume, incognito),
        *(mine, undo, unlike, uncomment, withdraw, visibility),
        *(agent_show, agent_rename, agent_tone, agent_language),
        *(agent_leash, agent_pause, agent_resume),
        *(
            name,
            zone,
            link,
            unlink,
            data_export,
            data_erase,
            invite,
            invitations_,
            start,
        ),
        *(mod_queue, mod_decide, mod_log),
        *(room_bind, room_unbind, room_listen, room_leave, room_show, room_mediation, room_digest),
    ]
    return Acts([*acts, guide(acts)])
