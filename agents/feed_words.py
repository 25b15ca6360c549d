"""What acts say about feeds."""

from feed_core.models.members import Feed

HEADS = {
    Feed.FOR_YOU: "For you:",
    Feed.LATEST: "The newest creations:",
    Feed.JAMS: "Remixes, and what was remixed:",
    Feed.FOLLOWING: "From makers, tags and threads that you follow:",
}
ENDS = {
    Feed.FOR_YOU: "That was all for you.",
    Feed.LATEST: "That was all.",
    Feed.JAMS: "That was all of the jams.",
    Feed.FOLLOWING: "That was all from what you follow.",
}
NOTHING = {
    Feed.FOR_YOU: "Nothing new for you since you last looked.",
    Feed.LATEST: "Nothing here yet. /create makes the first one.",
    Feed.JAMS: "No remix that is new to you. /remix makes one.",
    Feed.FOLLOWING: "Nothing from what you follow yet. /follow and a maker's name, “tag rain” or "
    "“thread 12” brings it here.",
}
NEWEST_INSTEAD = "The newest of all, which you may know:"


def head(feed: Feed, count: int, *, going_on: bool, chosen: bool) -> str:
    """What stands above a page; `chosen` says that this feed is the member's own from now on."""
    if not count:
        return ENDS[feed] if going_on else NOTHING[feed]
    kept = f" (/feed shows this one from now on; /feed {_other(feed)} brings another.)"
    return f"{HEADS[feed]}{kept if chosen else ''}"


def instead(feed: Feed) -> str:
    """What stands above the newest creations, shown because a feed has nothing new."""
    return f"{NOTHING[feed]} {NEWEST_INSTEAD}"


def _other(feed: Feed) -> Feed:
    return Feed.LATEST if feed is Feed.FOR_YOU else Feed.FOR_YOU
