"""docs/compose.yaml starts what there is."""

import re
from pathlib import Path
from typing import Any

import yaml
from typer.main import get_command

from bridges.cli import cli
from bridges.roles import Role, are_several, role_of
from bridges.settings import Settings
from tests.pages import ROOT

COMPOSE = ROOT / "docs" / "compose.yaml"


def services() -> dict[str, dict[str, Any]]:
    read = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Any]] = read["services"]
    return found


def test_every_role_is_started_by_a_command_that_there_is() -> None:
    started = set()
    for service in services().values():
        if service["image"] != "jamfeed":
            continue
        program, command, option, role = service["command"]
        assert program == "jamfeed"
        parameters = getattr(get_command(cli), "commands", {})[command].params
        assert option in {name for it in parameters for name in it.opts}
        started.add(role_of(role))

    assert started == set(Role) - {Role.ALL}


def test_all_of_them_share_servers_and_the_folder_by_settings_that_there_are() -> None:
    ours = [it for it in services().values() if it["image"] == "jamfeed"]
    for service in ours:
        names = {it.removeprefix("JAMFEED_").lower() for it in service["environment"]}
        assert names <= set(Settings.model_fields)
        values = {
            it.removeprefix("JAMFEED_").lower(): value
            for it, value in service["environment"].items()
        }
        assert are_several(Settings(**values))
        assert f"data:{values['home']}" in service["volumes"]
        assert service["depends_on"].keys() < services().keys()
        assert (COMPOSE.parent / service["build"]["context"]).resolve() == ROOT
        lines = re.findall(r"^COPY (.+) \S+$", service["build"]["dockerfile_inline"], re.MULTILINE)
        copied = {it for line in lines for it in line.split()}
        assert all((ROOT / Path(it)).exists() for it in copied)
        # Of all that lies there only this: no token, and no data of members.
        packages = {"agents", "bridges", "memory", "feed_core"}
        files = {"pyproject.toml", "requirements.lock", "README.md", "LICENSE", "agents.yaml"}
        assert copied == packages | files
