"""What a part looks like on Discord, without a Discord."""

import re

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from agents.answer import Card, Picture
from bridges.beforehand import Press
from bridges.discord.cutting import cut
from bridges.discord.markup import literal, prose
from bridges.discord.render import Page, growing, one_page, pages
from bridges.protocol import Part


def words(page: Page) -> str:
    return "\n".join(
        it.content for it in page.view.walk_children() if isinstance(it, ui.TextDisplay)
    )


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*rain* _on_ ~~the~~ ||roof||", r"\*rain\* \_on\_ \~\~the\~\~ \|\|roof\|\|"),
        ("[free](https://a.example) *x* [b](https://b.example)", None),
        ("# loud\n-# small\n> said\n- one", "\\# loud\n\\-# small\n\\> said\n\\- one"),
        ("#12 and 1-2", "#12 and 1-2"),
        ("<@123456789012345678> <#1> <t:1>", None),
        ("see https://a.example/x_y_z.", "see https://a.example/x_y_z."),
        ("`code` ```block```", r"\`code\` \`\`\`block\`\`\`"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_what_people_wrote_is_shown_letter_by_letter(typed: str, shown: str | None) -> None:
    escaped = literal(typed)

    if shown is not None:
        assert escaped == shown
    for sign in ("[", "]", "<"):
        assert escaped.count(sign) == escaped.count(f"\\{sign}")


def test_nobody_is_called() -> None:
    for typed in ("@everyone", "@here", "<@123456789012345678>"):
        assert typed not in literal(typed)
        assert typed not in prose(typed)


def test_an_answer_keeps_stress_lists_and_code_but_no_disguised_links() -> None:
    text = (
        "**Two** of *them*:\n- `one_two`\n- [free](https://a.example)\n```py\na = [1]\n```\n2*3*4"
    )

    assert prose(text) == (
        "**Two** of *them*:\n- `one_two`\n- \\[free\\](https://a.example)\n"
        "```py\na = [1]\n```\n2\\*3\\*4"
    )


@given(st.text(alphabet="ab \n`.\\*", max_size=600), st.integers(min_value=60, max_value=200))
def test_a_cut_text_fits_and_loses_no_word(typed: str, limit: int) -> None:
    text = prose(typed)
    pieces = cut(text, limit)

    assert all(0 < len(it) <= limit for it in pieces)
    if "```" not in text:  # else blocks are closed and opened again
        bare = re.compile(r"[\s*`]")  # stress and code are, too
        assert bare.sub("", "".join(pieces)) == bare.sub("", text)


def test_what_is_bold_leans_or_is_code_is_closed_in_one_piece_and_opened_in_the_next() -> None:
    for mark in ("**", "*", "`"):
        text = prose(f"so {mark}{'rain ' * 60}end{mark} and on")
        pieces = cut(text, 120)
        assert len(pieces) == 3
        assert pieces[0].startswith(f"so {mark}rain") and pieces[0].endswith(f"rain{mark}")
        assert pieces[1].startswith(f"{mark}rain") and pieces[1].endswith(f"rain{mark}")
        assert pieces[2].startswith(f"{mark}rain") and pieces[2].endswith(f"end{mark} and on")


def test_a_list_is_cut_between_its_items_and_a_block_in_a_line_is_no_beginning() -> None:
    item = "- one\n  and more of it\n"
    assert all(it.startswith("- one") for it in cut(item * 12, 100))
    assert cut(f"see ```py\nrain()\n``` and {'word ' * 30}", 90)[-1].count("```") == 0


def test_a_text_is_cut_between_paragraphs_and_else_between_lines() -> None:
    paragraph = "one two three. " * 4

    assert cut(f"{paragraph}\n\n{paragraph}\n\n{paragraph}", 140)[0].count("\n\n") == 1
    assert cut("- item one\n" * 20, 100)[0].endswith("- item one")


def test_a_code_block_is_moved_whole_or_closed_and_opened_again() -> None:
    short = "```py\nrain()\n```"
    before = "word " * 15
    assert cut(f"{before}\n\n{short}\n\nafter", 85)[1].startswith(short)

    long = "```py\n" + "rain()\n" * 60 + "```"
    pieces = cut(long, 120)
    assert len(pieces) > 2
    assert all(it.startswith("```py\n") and it.endswith("\n```") for it in pieces)
    assert sum(it.count("rain()") for it in pieces) == 60


async def test_many_cards_are_spread_over_messages_and_none_is_missing() -> None:
    cards = [
        Card(
            f"#{number}", f"Title {number}", "body", "by ana", picture=Picture(b"x", "a.png", "alt")
        )
        for number in range(23)
    ]
    buttons = [Press(f"press {number}", f"token{number:07}", "/x") for number in range(12)]

    made = pages(Part("found", cards=cards, buttons=buttons))

    assert all(len(it.files) <= 10 for it in made)
    for page in made:
        view = page.view
        assert view.total_children_count <= 40 and view.content_length() <= 4000
        assert view.is_finished()  # discord.py keeps none
        assert len({file.filename for file in page.files}) == len(page.files)
    shown = "\n".join(words(it) for it in made)
    assert all(f"Title {number}**" in shown for number in range(23))
    rows = [it for it in made[-1].items if isinstance(it, ui.ActionRow)]
    assert [len(row.children) for row in rows] == [5, 5, 2]


async def test_the_longest_creation_is_shown_whole() -> None:
    body = "\n".join(f"*line* {number}" for number in range(1500))

    made = pages(Part(cards=[Card("#1", "Long", body, "by ana", sources=["a" * 90] * 40)]))

    lines = "\n".join(words(it) for it in made)
    assert all(f"\\*line\\* {number}" in lines for number in (0, 700, 1499))
    assert lines.count("a" * 90) == 40


async def test_many_pictures_come_ten_to_a_message() -> None:
    made = pages(Part("look", pictures=[Picture(b"x", "a.png", "alt")] * 12))

    assert [len(it.files) for it in made] == [10, 2]


async def test_a_picture_that_discord_cannot_draw_is_a_file_to_open() -> None:
    [page] = pages(Part("look", pictures=[Picture(b"<svg/>", "lineage-4.svg", "a lineage")]))

    assert [it.filename for it in page.files] == ["1-lineage-4.svg"]
    assert [it for it in page.view.walk_children() if isinstance(it, ui.File)]
    assert not [it for it in page.view.walk_children() if isinstance(it, ui.MediaGallery)]


async def test_one_page_shortens_what_is_too_long() -> None:
    page = one_page(Part("t" * 9000, cards=[Card("#1", "Title", "*" * 20000)]))

    assert page.view.content_length() <= 4000
    assert "Title" in words(page) and "…" in words(page)


async def test_one_page_lists_more_cards_than_it_can_show() -> None:
    cards = [Card(f"#{number}", f"Title {number}", "body " * 200) for number in range(30)]

    shown = words(one_page(Part("your digest", cards=cards)))

    assert all(f"Title {number} #{number}" in shown for number in range(30))


async def test_a_growing_answer_shows_its_end() -> None:
    text = words(growing("start " + "word " * 2000 + "end"))

    assert len(text) <= 4000
    assert text.startswith("…") and text.endswith("end")


async def test_a_part_without_content_is_no_message() -> None:
    assert pages(Part()) == []
