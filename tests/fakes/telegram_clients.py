"""The real python-telegram-bot, pointed at a fake Telegram."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, ApplicationBuilder, TypeHandler

Answer = Callable[[Update, Bot], Awaitable[None]]
App = Application[Any, Any, Any, Any, Any, Any]


def picture(width: int = 120, height: int = 100) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


def keyboard(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(a, callback_data=b) for a, b in buttons]])


def application(url: str, token: str = "1:test") -> App:
    builder = ApplicationBuilder().token(token)
    return builder.base_url(f"{url}/bot").base_file_url(f"{url}/file/bot").build()


@asynccontextmanager
async def polling(url: str, answer: Answer) -> AsyncIterator[App]:
    app = application(url)

    async def handle(update: Update, context: object) -> None:
        await answer(update, app.bot)

    app.add_handler(TypeHandler(Update, handle))
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(poll_interval=0)
        yield app
        await app.updater.stop()
        await app.stop()
