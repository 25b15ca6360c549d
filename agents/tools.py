"""Acts as a model's tools."""

from dataclasses import replace
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import StructuredTool, ToolException

from agents.act import Act
from agents.answer import Answer, Call
from agents.desk import Desk
from agents.foreign import hidden, restored
from agents.turn import Through, Turn
from feed_core.errors import Refusal, Unavailable


def tool(act: Act[Any], desk: Desk) -> StructuredTool:
    """One act as a tool: the model is told its facts, the member is shown its answer."""

    async def run(runtime: ToolRuntime[Turn, Any], **given: Any) -> tuple[str, Answer]:
        turn = replace(runtime.context, through=Through.AGENT)
        try:
            arguments = {name: restored(it, turn.foreign) for name, it in given.items()}
            answer = await desk.do(turn, Call(act.name, arguments))
        except (Refusal, Unavailable) as error:
            # It repeats what was typed, with the names that stand-ins stood for.
            raise ToolException(hidden(str(error), turn.foreign)) from error
        return answer.told(), answer

    return StructuredTool(
        name=act.name.replace(" ", "_"),
        description=act.summary,
        args_schema=act.schema,  # as JSON: the class would refuse the runtime that is handed in
        coroutine=run,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )
