"""What a reason for showing something can be."""

from enum import StrEnum


class Because(StrEnum):
    """Why something is shown.

    Of deeds the newest 200 of each kind count.
    """

    OWN = "own"
    LATER = "later"  # they put it off
    EDITED = "edited"  # since it was shown
    TALKED_ABOUT = "talked_about"  # count: comments of others since it was shown
    REMIXED = "remixed"  # subject: the newest remix, count: remixes by others since it was shown
    REMIX_OF_YOURS = "remix_of_yours"  # subject: the creation, count: how many of yours it uses
    FOLLOWED = "followed"  # subject: the maker that you follow, count: 1
    FOLLOWED_THREAD = "followed_thread"  # subject: the nearest of them, count: how many you follow
    FOLLOWED_TAG = "followed_tag"  # tag: one that you follow, count: how many of its tags you do
    MORE_LIKE = "more_like"  # subject: what you want more of, count: how many such that is like
    SAVED = "saved"  # subject: the maker, count: how many of theirs you keep; tag: all have it
    MAKER_YOU_LIKE = "maker_you_like"  # subject: the maker, count: how many of theirs you like
    LIKE_WHAT_YOU_LIKE = "like_what_you_like"  # subject: the likest, count: how many it is like
    KINDRED = "kindred"  # count: how many of those whose taste is nearest reacted to it
    SURPRISE = "surprise"  # a place that was kept for chance
    LIKED_BY_MANY = "liked_by_many"  # count: by how many
    FRESH = "fresh"  # published within seven days
    UNSEEN = "unseen"  # never shown before
    THERE = "there"


OF_MEMBERS = (Because.FOLLOWED, Because.SAVED, Because.MAKER_YOU_LIKE)  # subject: a member
