"""The providers of language models, as LangChain calls them."""

from collections.abc import Iterable

LIKE = 0.6  # share of the letters that are right, from which on something is taken for meant
PACKAGES = {  # what init_chat_model imports for a provider; a test compares it with LangChain's own
    **dict.fromkeys(("openai", "azure_openai", "langsmith"), "langchain_openai"),
    **dict.fromkeys(
        ("bedrock", "bedrock_converse", "anthropic_bedrock", "bedrock_mantle_anthropic"),
        "langchain_aws",
    ),
    "bedrock_mantle_openai": "langchain_aws",
    **dict.fromkeys(("google_vertexai", "google_anthropic_vertex"), "langchain_google_vertexai"),
    "nvidia": "langchain_nvidia_ai_endpoints",
    **{
        it: f"langchain_{it}"
        for it in (
            *("anthropic", "azure_ai", "baseten", "cohere", "deepseek", "fireworks"),
            *("google_genai", "groq", "huggingface", "ibm", "litellm", "meta", "mistralai"),
            *("ollama", "openrouter", "perplexity", "together", "upstage", "xai"),
        )
    },
}


def unknown(provider: str) -> str:
    """What is wrong with a provider that nobody knows."""
    return f"no provider is called {provider!r}"


def mend(provider: str) -> str:
    """What helps then."""
    near = nearest(provider, PACKAGES)
    return f"did you mean {near}?" if near else "LangChain's chat models list them"


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The one that was meant, up to a few letters added, left out, changed or swapped."""
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    alike = DamerauLevenshtein.normalized_similarity
    found = process.extractOne(typed, list(known), scorer=alike, score_cutoff=LIKE)
    return str(found[0]) if found else None
