"""What people read when something goes wrong, by the error's code."""

from collections.abc import Mapping

from agents import rule_words
from feed_core.errors import JamfeedError

SENTENCES: Mapping[str, str] = {
    "creation_not_found": "There is no creation #{creation_id} here. /feed shows what there is.",
    "creation_withdrawn": "#{creation_id} was taken back by its maker.",
    "published_already": "You published this already: #{creation_id}. "
    "/edit {creation_id} changes it.",
    "not_yours": "#{creation_id} is somebody else's; only its maker can do that.",
    "comment_not_found": "There is no comment c{comment_id} that you can see. /thread shows them.",
    "not_your_comment": "c{comment_id} is somebody else's, about what somebody else made.",
    "remix_not_allowed": "The maker of #{creation_id} does not want it remixed.",
    "maker_muted": "You muted who made #{creation_id}, so nothing is made of it for you. "
    "/unmute maker of {creation_id} takes that back.",
    "thread_muted": "You muted thread #{thread_id}, and #{creation_id} is in it, so nothing is "
    "made of it for you. /unmute thread {thread_id} takes that back.",
    "ask_first": "The maker of #{creation_id} wants to be asked first: /remix {creation_id} asks.",
    "remix_declined": "The maker of #{creation_id} was asked and would rather keep it as it is. "
    "That is fine: there is much else to build on.",
    "too_many_questions": "{limit} of your questions wait for their makers. One more can be asked "
    "when the first is answered or has run out.",
    "question_not_found": "Nobody asked you question {number}. /consent shows what waits for you.",
    "only_remix_asks": "Only for remixes can people ask you first; for “{purpose}” say yes or no.",
    "bad_jam_time": "A jam lasts 1 to {longest:,} minutes, not {minutes:,}.",
    "jam_running": "There is a jam in this room already. /jam show shows it.",
    "no_jam": "No jam is played here now. /jam start and a prompt begins one.",
    "jam_not_found": "There is no jam {jam_id}, or it is played where not everybody can read "
    "along.",
    "not_in_jam": "You do not play in this jam yet. /jam join lets you in.",
    "not_your_turn": "It is not your turn right now. /jam show says whose it is.",
    "not_your_jam": "Who started this jam can end it early; it ends by itself when its time is up.",
    "not_in_a_room": "A jam is played in a room: write this where others can read along.",
    "draft_not_found": "You have no draft d{number}. /drafts shows those that wait.",
    "no_draft": "No draft waits for you. /write, /remix or /paint makes one.",
    "draft_done": "d{number} was {state} before.",
    "draft_changed": "d{number} was changed since this button was made: look at it again first.",
    "no_recipe": "d{number} holds your own words, so there is nothing to make again. "
    "/edit changes it.",
    "needs_approval": "That goes out only when you have seen it and say so yourself.",
    "held": "#{creation_id} waits until a moderator has looked at it: {why}. Nobody else sees it "
    "until then, and you will be told. /withdraw {creation_id} takes it back. {mend}",
    "not_a_moderator": "That is for this community's moderators.",
    "own_case": "That is yours: another moderator has to decide on it.",
    "already_decided": "It is so already, and nobody asks for a decision.",
    "case_changed": "It was decided or edited since you looked. /mod queue shows what is left.",
    "own_report": "That is yours: /withdraw or /uncomment takes it back.",
    "comment_held": "Your comment c{comment_id} waits until a moderator has looked at it: {why}. "
    "Nobody else reads it until then, and you will be told. {mend}",
    "blocked": "This is not shown here: {why}. {mend} {kept}",
    "maker_not_found": "I know nobody called “{typed}” who made something here. Write a maker's "
    "name, “maker of 12”, “thread 12” or “tag rain”.",
    "only_others": "That is yourself: you can follow and mute others only.",
    "edit_held": "Your edit of #{creation_id} waits until a moderator has looked at it: {why}. "
    "Until then the old words stay. {mend}",
    "name_held": "That name waits until a moderator has looked at it: {why}. Until then the one "
    "from before is shown, and you will be told. {mend}",
    "name_not_found": "There is no name n{number} that waits. /mod queue shows what is left.",
    "no_label": "A name has no room for a label: publish it or block it.",
    "edit_dropped": "That edit came to nothing: a later one, or a withdrawal, overtook it.",
    "mediation_off": "Mediation is off in this room. A moderator can turn it on: "
    "/room mediation on. In private I give you a neutral view for yourself.",
    "room_unclear": "{known}",
    "room_needed": "For one room only: say so in that room.",
    "not_words": "That looks like the inside of a file, not like words: send the file along.",
    "meme_needs_picture": "A meme needs a picture: send one along.",
    "too_many_tags": "Those are {count} tags; {limit} fit.",
    "empty_text": "There is nothing in it yet: write a few words.",
    "text_too_long": "That is {length:,} characters; {limit:,} fit.",
    "memory_not_found": "I have no memory m{number} of yours. /memory shows them.",
    "never_remembered": "You asked me never to remember anything about {kind}. "
    "/memory allow {kind} takes that back.",
    "unknown_act": "I do not know /{typed}. {nearest} /help shows everything.",
    "not_for_agents": "/{act} is for your own hand only: type it yourself.",
    "room_left": "I was asked to leave this room. A moderator's /room bind brings me back; in our "
    "private chat I answer as always.",
    "button_expired": "This button has expired.",
    "button_used": "That was done already.",
    "not_your_button": "This button asks somebody else.",
    "link_code_wrong": "That code is wrong or has expired. /link on your other account gives one.",
    "link_locked": "Too many wrong codes. Try again in {minutes} min.",
    "invitation_too_wide": "One invitation is for 1 to {people} people and lasts 1 to {days} days.",
    "too_many_invitations": "You have {limit} open invitations, and more do not fit. /invitations "
    "calls one back.",
    "invitation_not_found": "You have no open invitation {number}. /invitations shows them.",
    "invitation_closed": "That invitation has run out or was called back. Ask whoever sent it for "
    "another one.",
    "link_not_undone": "That link can be undone no more. /unlink takes one account off.",
    "account_not_found": "No account of yours is “{account}”. /unlink shows them.",
    "last_account": "This is your only account here: there is none to take off. /data_erase "
    "removes all that is yours.",
    "already_linked": "These accounts are linked already.",
    "unknown_language": "I find no language that I know in “{typed}”. Write one such as German, or "
    "“any” for the one that you write in.",
    "unknown_zone": "I do not know the time zone “{typed}”. Write one such as Europe/Berlin.",
    "bad_day": "I cannot read a day in “{typed}”. Write one such as yesterday, last week or "
    "2026-03-01.",
    "bad_time": "I cannot read a time in “{typed}”. Write one such as 7:30 or 19:00.",
    "no_digest": "There is no such digest of yours. /digest last shows your last one.",
    "empty_digest": "There was nothing new in that digest, so it has no numbers.",
    "no_item": "There is no {item} in that digest; its numbers go up to {count}.",
    "no_hours": "You have set no hours yet. /digest set 8:00 does.",
    "day_over": "“{typed}” is over already: name a day to come, such as Monday or 5 December.",
    "no_rhythm": "I know weekdays and hours, but no “{typed}”. Name the days, such as: Monday, "
    "Wednesday and Friday at 8.",
    "nowhere_to_deliver": "I have nowhere to send it: write to me in private once, there.",
    "not_admitted": "Jamfeed is for the members of this community. Ask its host to let you in.",
    "too_fast": "That was a lot in one minute. Give me a moment, then go on.",
    "no_letters": "I have no letters for that writing, so the picture would show empty boxes. "
    "Latin, Greek, Cyrillic, Chinese, Japanese and Korean work.",
    "too_few_parts": "The template {template} has {needed} places, and I found {found}: part the "
    "words with a stroke, as in: this / that.",
    "nothing_heard": "I hear no words in that. Please say it again, or write it.",
    "not_listening": "I cannot listen to voice notes yet: for that, whoever runs Jamfeed names a "
    "speech model in agents.yaml. Please write it.",
    "picture_declined": "The picture model would not paint that.",
    "order_not_found": "You have no standing order o{number}. /order list shows what you have.",
    "too_many_orders": "You have {limit} standing orders; no more fit. /order drop takes one back.",
    "no_words": "There are no words in that message for me to read.",
    "nothing_of_ours": "That message shows nothing that was made here, so it is not for Jamfeed's "
    "moderators. Tell those who look after this room: the platform's own menu reports it.",
    "words_of_others": "That is no creation, and {name} said it, so I do not keep it. You can "
    "remix it instead.",
    "voice_declined": "{name} does not want others to build on their words.",
    "nothing_made": "{name} has made nothing here yet that you can see.",
    "too_many_files": "Those are {count} files; I take up to {limit} with one message.",
    "not_understood": "I am not sure what to do then. Write it as a command, such as “every friday "
    "at 18:00: /paint rain”: then it is clear.",
    "nothing_to_do": "What shall I do then? Say so: “every friday at 18:00: /paint rain”.",
    "no_standing_act": "/{act} cannot be a standing order: those make, draft or publish something. "
    "/digest set sends you news at set hours.",
    "nothing_liked": "Nobody liked anything this week that you could build on and have not yet.",
    "nothing_about": "Without a language model I make texts only of what people shared, and found "
    "nothing on “{idea}” that I may use. /paint draws it, or /create something to begin with.",
    "nothing_to_share": "There is nothing of yours like that which was not shared there yet.",
    "unavailable": "{service} does not answer right now. Nothing was lost: try again in a moment.",
    "broken_off": "{service} broke off here. Ask again, or say: go on.",
    "unknown": "{service} broke off; it may have arrived or not.",
    "message_gone": "That message is not there any more.",
    "gone": "{service} does not let me write there any more.",
    "folder_in_use": "Another Jamfeed is working in {service}. Stop it first, or set JAMFEED_HOME "
    "to another folder.",
    "no_export": "There is no export in {folder}: no feed.json stands there.",
    "broken_manifest": "{file} cannot be read as the description of an export: {problem}.",
    "export_newer": "{folder} was exported by a newer Jamfeed (version {version}, this one reads "
    "{known}). Install that version first.",
    "export_unfinished": "The export in {folder} was broken off. `jamfeed export {folder}`, where "
    "it was begun, goes on with it.",
    "export_done": "{folder} holds a whole export already, of {taken_at}. Choose another folder.",
    "export_running": "The feed in {service} is being exported already. Wait for that to end.",
    "folder_taken": "{folder} is not empty, and no export of Jamfeed's. Choose another folder.",
    "files_refused": "{path}: {reason}.",
    "no_space": "There is no room left for {service}. What was written stays: make room, and the "
    "same command goes on.",
    "export_changed": "{file} is not what it was when it was checked. Leave the export alone while "
    "it is read, and start again.",
    "import_clash": "The feed does not take what stands in {file} beside its own: somebody wrote "
    "into it meanwhile. Stop every other Jamfeed, and start again.",
    "import_unfinished": "A feed was being brought in here (as it was on {taken_at}), and that was "
    "broken off. The same `jamfeed import` or `jamfeed migrate` goes on with it; until then "
    "nothing else can be done here.",
    "feed_moved": "This feed moved there before, on {ended_at}. Set JAMFEED_DATABASE_URL to that "
    "database, and Jamfeed works with it.",
    "move_taken": "The database there holds another feed, and nothing of it was changed. Make an "
    "empty one (createdb), and name it instead.",
    "move_changed": "A move into the database there was begun, and the feed here was used since: "
    "the two halves would not fit. Make that database anew (dropdb, createdb), and begin again.",
    "move_differs": "What came into the new database is not what stands in the old one: {kinds}. "
    "Somebody wrote into one of them meanwhile. Stop every Jamfeed, make the new database anew "
    "(dropdb, createdb), and begin again. The old one is as it was.",
    "no_room": "There is no room left where Jamfeed keeps its data, so nothing was changed. "
    "Its host has to make some; then try again.",
    "configuration": "{setting}: {problem}. {mend}",
}
TOO_LITTLE = {  # by the unit that is missing
    "words": "{a_maker} needs about {needed} words to work with, and I found {found}.",
    "lines": "{a_maker} needs {needed} lines that can stand alone, and I found {found}.",
    "syllables": "{a_maker} needs {needed} syllables, and I counted {found}.",
    "sources": "{a_maker} is made of {needed} creations or more: name another one.",
    "letters": "I found no phrase for every letter ({found} of {needed}), as {a_maker} needs.",
    "nouns": "{a_maker} needs {needed} things with a name that can change, and I found {found}.",
    "things": "{a_maker} greets {needed} things or more, and I found {found} in it.",
    "clauses": "{a_maker} needs {needed} sentences in which somebody does something.",
    "steps": "{a_maker} needs {needed} words that grow letter by letter, and I found {found}.",
    "language": "I do not know how to make {a_maker} in this language.",
}
ANOTHER_MAKER = "Say “as {a_maker}”, and it will be one."
NO_MAKER = "Add a creation with more words, or let me make a picture: /paint, /meme."
LINKS = {
    "scheme": "A link begins with http:// or https://.",
    "credentials": "A link may not carry a name or password before its host: that hides where it "
    "leads.",
    "too_long": "That address is too long to be shown.",
    "unreadable": "I cannot read that address.",
}
NAMES = {
    "unseen": "There are characters in it that nobody can see, or that turn the direction of "
    "reading. Write the name without them.",
    "unsaid": "A name needs a letter, a figure or a picture in it.",
    "marks": "There are more marks on a letter than can be read. Write the name with fewer.",
    "reserved": "That name is kept for the platform and those who look after it. Choose another.",
    "taken": "Somebody here has that name, or one that looks like it. Choose another.",
}
PICTURES = {
    "too_large": "That file is larger than 25 MB.",
    "too_many_pixels": "That picture has more than 20 million pixels.",
    "unreadable": "I cannot read that file as a picture, a recording or a text. Pictures: PNG, "
    "JPEG, WebP, GIF; sound: MP3, M4A, Ogg, FLAC, WAV; video: MP4, MOV, WebM; text: TXT, MD.",
}

RECORDINGS = {
    "unreadable": "That recording is broken: it does not hold what its beginning says, or more "
    "stands behind its end.",
    "polyglot": "That file is a recording and something else at once; I take only the one or the "
    "other.",
}


def _begun(said: str) -> str:
    return said[0].upper() + said[1:]


SPENT = {
    "": "{whose} model budget for {this} is spent; it fills up again {then}.",
    "_short": "This may take more than is left of {whose} model budget for {this}; it fills up "
    "again {then}.",
    "_small": "This may take more than the whole of {whose} model budget for {this}; whoever runs "
    "Jamfeed can raise it.",
}
BUDGETS = {
    f"{purse}_{period}{how}": _begun(said.format(whose=whose, this=this, then=then))
    for how, said in SPENT.items()
    for purse, whose in (
        ("member", "your"),
        ("all", "the community's"),
        ("background", "your agent's own"),
    )
    for period, this, then in (
        ("day", "today", "at midnight UTC"),
        ("month", "this month", "on the first of the next"),
    )
}
PROBLEMS = {
    "budget_spent": BUDGETS,
    "link_refused": LINKS,
    "picture_refused": PICTURES,
    "recording_refused": RECORDINGS,
    "name_refused": NAMES,
}


def sentence(error: JamfeedError) -> str:
    """What a person reads when this happens."""
    if error.code == "missing_argument":
        return "I need one more thing for /{act}: {parameter}.".format(**vars(error))
    if error.code == "bad_argument":
        problem = vars(error)["problem"].removeprefix("Value error, ")
        named = [f"/{vars(error)['act']}", vars(error)["parameter"]]
        return f"{', '.join(filter(None, named))}: {problem}."
    if error.code == "too_little_material":
        return _too_little(**vars(error))
    if error.code in PROBLEMS:
        return PROBLEMS[error.code][vars(error)["problem"]]
    told = dict(vars(error))
    if error.code == "unknown_act":
        told["nearest"] = "" if (it := told["nearest"]) in ("", "help") else f"Did you mean /{it}?"
    if "rule" in told:
        rule, passage = told["rule"], told["passage"]
        told |= {"why": rule_words.why(rule, passage), "mend": rule_words.mend(rule, passage)}
        told["kept"] = rule_words.kept(told.get("draft", 0))
    said = " ".join(SENTENCES[error.code].format(**told).split())
    return f"{said} {_again(told['shown'])}" if error.code == "button_expired" else said


def _again(shown: str) -> str:
    """How fresh buttons are had for what stood above the old ones: "#12", "d1", "c3"."""
    if shown.startswith("#"):
        return f"/show {shown.removeprefix('#')} brings fresh ones."
    return "/drafts brings fresh ones." if shown.startswith("d") else "Ask again for a fresh one."


def _too_little(maker: str, unit: str, found: int, needed: int, instead: str) -> str:
    """What a maker lacks, and which other one these words are enough for."""
    said = TOO_LITTLE[unit].format(a_maker=_a(maker), found=found, needed=needed)
    other = ANOTHER_MAKER.format(a_maker=_a(instead)) if instead else NO_MAKER
    return f"{said[0].upper()}{said[1:]} {other}"


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeio' or noun == 's+7' else 'a'} {noun}"


def broken(incident: str) -> str:
    """What a person reads when the fault is ours."""
    return (
        f"Something broke on my side (incident {incident}). Nothing you wrote is lost: try again."
    )
