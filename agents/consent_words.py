"""What is said about consent: what may be done with a creation, and questions to its maker."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from agents.phrases import listing, when
from feed_core.models.consent import ConsentChange
from feed_core.models.creations import Creation
from feed_core.models.proposals import Proposal
from feed_core.services.consent import Answers, holding, own
from feed_core.states import Permission, ProposalState, Purpose

FOR = {
    Purpose.REMIX: "remixing it",
    Purpose.RECOMMEND: "showing it to others unasked, in feeds and digests",
    Purpose.QUOTE: "quoting it outside of here",
    Purpose.TRAIN: "training models with it",
}
SHORT = {
    Purpose.REMIX: "Remix",
    Purpose.RECOMMEND: "Recommend",
    Purpose.QUOTE: "Quote",
    Purpose.TRAIN: "Train",
}
SAID = {Permission.YES: "yes", Permission.ASK: "ask first", Permission.NO: "no"}


def label(purpose: Purpose, permission: Permission) -> str:
    """A button that changes an answer."""
    return f"{SHORT[purpose]}: {SAID[permission]}"


def of_creation(creation: Creation, *, mine: bool, bound: Mapping[Purpose, Sequence[int]]) -> str:
    """What may be done with a creation; `bound` names the parents because of which it is less."""
    head = f"{named(creation)} allows:"
    lines = []
    for purpose, permission in holding(creation).items():
        line = f"• {FOR[purpose]}: {SAID[permission]}"
        answer = own(creation)[purpose]
        if mine and bound[purpose]:
            refs = listing([f"#{it}" for it in bound[purpose]])
            line += f" (you say {SAID[answer]}; {refs}, which it was made from, says less)"
        lines.append(line)
    return "\n".join([head, *lines])


def defaults(answers: Answers) -> str:
    """What may be done with whatever the member makes from now on."""
    lines = [f"• {FOR[purpose]}: {SAID[permission]}" for purpose, permission in answers.items()]
    return "\n".join(["What you make from now on allows:", *lines])


def history(changes: Sequence[ConsentChange], zone: str) -> str:
    """What was changed, and when."""
    lines = [
        f"{when(it.changed_at, zone)}: {SHORT[it.purpose].lower()}, "
        f"from {SAID[it.before]} to {SAID[it.after]}"
        for it in changes
    ]
    return "\n".join(["Changed:", *lines]) if lines else ""


def would_change(whose: str, purpose: Purpose, before: Permission, after: Permission) -> str:
    """What an agent would change."""
    return f"{whose}: {FOR[purpose]} is {SAID[before]} now, and would be {SAID[after]}."


def what_for(permission: Permission) -> str:
    """An answer was given, but not to what."""
    return f"What do you say “{SAID[permission]}” to?"


DEFAULT = "What you make from now on"
APPLIES = "This applies from now on. What was made of it before stays."


def must_ask(creations: Sequence[Creation], names: Mapping[int, str]) -> str:
    """A source can only be built on after its maker said yes."""
    refs = listing([f"#{it.id} by {names.get(it.author_id, 'somebody')}" for it in creations])
    return f"I can ask for it: who made {refs} wants to say yes first."


def asked(question: Proposal, name: str, *, reached: bool, before: bool, zone: str) -> str:
    """A maker has a question to answer."""
    until = when(question.expires_at, zone)
    if before:
        return f"{name} has your question about #{question.creation_id} already, until {until}."
    said = f"I asked {name} whether you may build on #{question.creation_id}. "
    if not reached:
        said += f"I cannot write to {name} right now; they find it when they come here. "
    return f"{said}It waits until {until}, and I tell you what they say."


def question(asker: str, creation: Creation, until: datetime, zone: str) -> str:
    """What a maker is asked."""
    return (
        f"{asker} would like to build on your {named(creation)}. Is that all right? "
        f"A yes is for {asker} and for this one alone. You can answer until {when(until, zone)}."
    )


def waiting(questions: Sequence[tuple[int, str, Creation]]) -> str:
    """The questions that a maker has to answer: number, who asks, and for what."""
    lines = [
        f"• question {number}: {asker} would like to build on {named(it)}"
        for number, asker, it in questions
    ]
    return "\n".join(["Waiting for your answer:", *lines])


def answered(asked_: Proposal, asker: str, zone: str, *, counted: bool) -> str:
    """What became of a maker's answer."""
    number = asked_.creation_id
    moment = when(asked_.answered_at or asked_.expires_at, zone)
    match asked_.state, counted:
        case ProposalState.ACCEPTED, True:
            return f"Thank you: {asker} may build on #{number} now, and is told so."
        case ProposalState.DECLINED, True:
            return f"#{number} stays as it is. {asker} is told so, kindly."
        case ProposalState.ACCEPTED, False:
            return f"{asker} got a yes before, on {moment}. /consent {number} shows what holds."
        case ProposalState.DECLINED, False:
            return f"{asker} got a no before, on {moment}. They may ask again a month later."
        case ProposalState.REVOKED, _:
            return f"#{number} says no to everybody since {moment}, so {asker} got a no as well."
        case _:
            return (
                f"That question ran out on {moment}, and {asker} knows. Should they ask again, "
                "you can still say yes."
            )


def answer(asked_: Proposal, maker: str, creation: Creation, *, gone: bool) -> str:
    """What an asker is told."""
    ref = named(creation)
    if gone:
        return f"You asked to build on #{creation.id}. Its maker took it back, so it cannot be."
    match asked_.state:
        case ProposalState.ACCEPTED:
            return f"{maker} says yes: you may build on {ref}."
        case ProposalState.DECLINED:
            return (
                f"{maker} would rather keep {ref} as it is. That says nothing about you or your "
                "idea; there is much else here that waits to be built on."
            )
        case ProposalState.REVOKED:
            return f"{ref} is open to nobody's remixes any more, so it cannot be built on."
        case _:
            return f"{maker} did not answer in time whether you may build on {ref}."


def named(creation: Creation) -> str:
    """A creation by number and title."""
    return f"#{creation.id} “{creation.title}”" if creation.title else f"#{creation.id}"
