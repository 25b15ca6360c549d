"""The same jam with its data in PostgreSQL, through the command itself."""

from pathlib import Path

from tests.dialogs.test_terminal import chat, jamfeed
from tests.postgres import Postgres

SECRET = "canary-of-the-gate"


def test_a_jam_is_kept_in_postgresql_and_the_doctor_says_so(
    postgres: Postgres, tmp_path: Path
) -> None:
    name = postgres.bare()
    environment = {"JAMFEED_DATABASE_URL": postgres.url(name), "JAMFEED_MODEL": "offline"}

    answers = chat(
        tmp_path,
        "/create Rain on the tin roof: all night the same song in a new key",
        "/create The gutter: a drum for nobody",
        "/remix 1,2 as an erasure poem",
        "/publish",
        "/lineage 3",
        "/remember I love haiku",
        "/digest now",
        environment=environment,
    )
    again = chat(tmp_path, "/feed", "/memory", environment=environment)
    doctor = jamfeed("doctor", home=tmp_path, environment=environment)

    assert len(answers) == 7
    assert "made from 2" in answers[4]
    assert all(f"#{number}" in again[0] for number in (1, 2, 3))
    assert "haiku" in again[1]
    assert (doctor.returncode, doctor.stderr) == (0, "")
    assert "PostgreSQL" in doctor.stdout
    assert f"“{name}”" in doctor.stdout
    assert not list(tmp_path.glob("*jamfeed*"))
    assert postgres.run("SELECT count(*) FROM creation", name) == [(3,)]


def test_what_is_wrong_with_the_database_is_said_without_its_password(tmp_path: Path) -> None:
    for command, scheme, code in (
        ("chat --as ana", "postgresql", 1),
        ("doctor", "postgresql", 1),
        ("chat --as ana", "mysql", 2),
    ):
        place = f"{scheme}://jam:{SECRET}@127.0.0.1:9/feed"
        environment = {"JAMFEED_DATABASE_URL": place, "JAMFEED_LOG_LEVEL": "DEBUG"}
        done = jamfeed(*command.split(), home=tmp_path, lines="/feed\n", environment=environment)

        assert done.returncode == code
        assert "PostgreSQL" in done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
