"""The fake Telegram reads HTML as the real one does; cases from TDLib's documented behaviour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.telegram_html import Entity, EntityError, find_entities, parse_html, units


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("🏟 <abacaba", "Unclosed start tag at byte offset 5"),
        ("🏟 <font>x</font>", 'Unsupported start tag "font" at byte offset 5'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ("<i aba>", 'Expected equal sign in declaration of an attribute of the tag "i"'),
        ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b></b></", "Unexpected end tag at byte offset 7"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("&#xDFDF;", "Text contains invalid Unicode characters"),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_what_the_real_parser_refuses(source: str, message: str) -> None:
    with pytest.raises(EntityError) as error:
        parse_html(source)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("source", "plain", "entities"),
    [
        ("&lt;&gt;&amp;&quot;&laquo;&#9748; & &lt🏟", '<>&"&laquo;☔ & <🏟', []),
        ("🏟<i>🏟 <b>x</b></i>", "🏟🏟 x", [("italic", 2, 4), ("bold", 5, 1)]),
        ("<STRONG>a</STRONG><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", i, 1) for i in range(3)],
        ),
        ("<pre>x</pre>", "x", [("pre", 0, 1)]),
        ("<span class='tg-spoiler'>x</span>", "x", [("spoiler", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>x</>", "x", [("blockquote", 0, 1)]),
        ("  <b> x </b> ", "x", [("bold", 0, 1)]),
        ("<a>nothing</a>", "nothing", []),
        ("<b></b>", "", []),
    ],
)
def test_what_the_real_parser_reads(
    source: str, plain: str, entities: list[tuple[str, int, int]]
) -> None:
    text, found = parse_html(source)
    assert text == plain
    assert [(entity.type, entity.offset, entity.length) for entity in found] == entities


def test_links_and_code_carry_their_detail() -> None:
    source = (
        '<a href="https://a.b/?x=1&amp;y=2">x</a>'
        '<pre><code class="language-python">y</code></pre><tg-emoji emoji-id="5">z</tg-emoji>'
    )
    assert parse_html(source)[1] == [
        Entity("text_link", 0, 1, "https://a.b/?x=1&y=2"),
        Entity("pre", 1, 1, "python"),
        Entity("custom_emoji", 2, 1, "5"),
    ]


def test_plain_text_shows_commands_mentions_tags_and_links() -> None:
    found = find_entities("/go @ana_maria #rain 1/2 a@b http://x.y/z.")
    assert [(entity.type, entity.offset) for entity in found] == [
        ("bot_command", 0),
        ("mention", 4),
        ("hashtag", 15),
        ("url", 29),
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain, entities = parse_html(f"<b>{escaped}</b>")
    assert plain == text.strip()
    assert sum(entity.length for entity in entities) == units(plain)


@given(st.text(st.sampled_from('<>/&;="# bia-x🏟'), max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        plain, _ = parse_html(text)
    except EntityError:
        return
    assert units(plain) <= units(text)
