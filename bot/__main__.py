"""The command line: `python -m bot run | check | talk | invite-staff | poster`."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import WallClock
from bot.settings import BadSettings, Settings, load

app = typer.Typer(
    help="Putokaz: people find, book and are reminded of help that exists for them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _settings() -> Settings:
    try:
        return load()
    except BadSettings as wrong:
        for sentence in str(wrong).splitlines():
            typer.echo(sentence, err=True)
        raise typer.Exit(2) from None


@app.command()
def run() -> None:
    """Serve the web page, and every channel that has a token, until Ctrl-C."""
    gc.disable()  # hardly anything of what is imported is garbage: looking for it takes a tenth of the start
    from bot.assembly import CannotStart, serve

    gc.freeze()
    gc.enable()
    settings = _settings()
    try:
        asyncio.run(serve(settings, typer.echo))
    except CannotStart as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def check() -> None:
    """Look at settings, database, catalogues, clock and tokens, and say what is wrong."""
    from bot.running.checking import check_all

    if not asyncio.run(check_all(_settings(), typer.echo)):
        raise typer.Exit(1)


@app.command()
def talk(
    language: Annotated[str, typer.Option(help="What the platform would report: sr, sr-Latn, bg, en ...")] = "sr-Latn",
    name: Annotated[str, typer.Option(help="Who is talking; another name is another person.")] = "me",
) -> None:
    """Talk to it in the terminal: the reference channel."""
    from bot.running.preparing import CannotStart
    from bot.running.talking import talk_here

    settings = _settings()
    try:
        asyncio.run(talk_here(settings, name, language))
    except CannotStart as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command("invite-staff")
def invite_staff(
    organisation: Annotated[str, typer.Option(help="The organisation's code; without it, the first one.")] = "",
    role: Annotated[str, typer.Option(help="admin, staff or safeguarding.")] = "admin",
    name: Annotated[str, typer.Option(help="The organisation's name: makes it, if its code is new.")] = "",
) -> None:
    """Print a one-time code: whoever writes `/start CODE` on any channel becomes staff."""
    from sqlalchemy.orm import Session

    from bot.running.furnishing import furnish
    from bot.running.invite import UnknownOrganisation, invite
    from bot.running.preparing import CannotStart, clock_of, open_database

    settings = _settings()
    try:
        store = open_database(settings)
    except CannotStart as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    try:
        with Session(store.engine) as session:
            furnish(session, settings, WallClock().now())
            code = invite(session, clock_of(session).now(), organisation, role, name)
            session.commit()
    except (UnknownOrganisation, ValueError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from None
    finally:
        store.close()
    typer.echo(f"One person becomes {role} by writing to the bot: /start and this code.")
    typer.echo(code)


@app.command()
def poster(
    what: Annotated[str, typer.Argument(metavar="LISTING|TOWN", help="The code of a listing (n12) or a town (bor).")],
    language: Annotated[str, typer.Option(help="sr-Latn, sr-Cyrl, bg or en; without it, the house's own.")] = "",
    out: Annotated[Path, typer.Option(help="The folder that the files are written to.")] = Path(),
    trial: Annotated[bool, typer.Option(help="Draw it although its code works on this computer only.")] = False,
) -> None:
    """Draw a poster (PDF and PNG) and cards to hand out, with codes that lead to the chat."""
    from bot.language.languages import TAGS
    from bot.posters.codes import TooDense
    from bot.posters.command import NoPoster, make
    from bot.running.preparing import CannotStart

    settings = _settings()
    tag = language or settings.default_language
    if tag not in TAGS:
        typer.echo(f"There is no language {tag!r}, but {', '.join(TAGS)}.", err=True)
        raise typer.Exit(2)
    try:
        make(settings, what, tag, out, typer.echo, trial=trial)
    except CannotStart as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(1) from None
    except (NoPoster, TooDense) as why:
        typer.echo(str(why), err=True)
        raise typer.Exit(2) from None


if __name__ == "__main__":
    app(prog_name="python -m bot")
