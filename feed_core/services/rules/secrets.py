"""Keys and passwords that nobody means to publish."""

from feed_core.services.gate import PASSED, Content, Decision
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.folding import shown
from feed_core.states import Outcome

RULE = "secret"
TOLD = 4  # characters of a secret by which its author finds it again; none of them is secret
# What their makers let them begin with, as config/gitleaks.toml of github.com/gitleaks/gitleaks
# collects it; the last but one is a password in a URL.
SECRETS = Expression(
    r"\b(?:"
    r"(sk-[A-Za-z0-9_-]{20,}"  # model providers
    r"|gsk_[A-Za-z0-9]{40,}"
    r"|hf_[A-Za-z0-9]{30,}"
    r"|AIza[A-Za-z0-9_-]{35}"  # Google
    r"|gh[pousr]_[A-Za-z0-9]{30,}"  # code hosting
    r"|github_pat_[A-Za-z0-9_]{40,}"
    r"|glpat-[A-Za-z0-9_-]{20,}"
    r"|pypi-AgEI[A-Za-z0-9_-]{50,}"  # package registries
    r"|npm_[A-Za-z0-9]{36}"
    r"|(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b"  # cloud access keys
    r"|dop_v1_[a-f0-9]{64}"
    r"|xox[abeprs]-[A-Za-z0-9-]{10,}"  # chat tokens
    r"|[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}"  # Discord bots
    r"|[sr]k_live_[A-Za-z0-9]{20,}"  # payments
    r"|whsec_[A-Za-z0-9+/]{24,}"
    r"|SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}"  # mail
    r"|AGE-SECRET-KEY-1[0-9A-Z]{50,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}))"  # signed sessions
    r"|(?:^|\D)(\d{8,10}:[A-Za-z0-9_-]{35})(?:$|[^A-Za-z0-9_-])"  # Telegram bots, in URLs too
    r"|(https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]{20,})"
    r"|(https://hooks\.slack\.com/services/[A-Za-z0-9/]{20,})"
    r"|([a-z][a-z0-9+]{1,20}://[^\s:/@]{1,80}:[^\s:/@]{3,200}@[^\s/@]{1,200})"
    r"|(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)"
)


class Secrets:
    """A Check that blocks what looks like a key; no more of it is repeated than its beginning."""

    async def decide(self, content: Content) -> Decision:
        """Judge by all the words that readers would see."""
        found = SECRETS.find(shown(content.text))
        if found is None:
            return PASSED
        return Decision(Outcome.BLOCK, RULE, f"{found[:TOLD]}…")
