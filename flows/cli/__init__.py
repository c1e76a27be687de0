"""The command `passerelle`. Each subcommand is a module that is imported only when it is called."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import sys
import traceback
from types import TracebackType

import click

import passerelle
from flows.cli.language import LANGUAGES, asked_language, both, speak, typeset
from passerelle.errors import ExitCode, PasserelleError, french_reason
from passerelle.terminal import guard

COMMANDS = {
    "init": ("write a new campaign file", "écrire un nouveau fichier de campagne"),
    "doctor": ("check the machine and the campaign", "vérifier la machine et la campagne"),
    "collect": ("collect what is new from the sources", "collecter les nouveautés des sources"),
    "import": ("take in files that you already have", "intégrer des fichiers que vous avez déjà"),
    "clean": ("check and commit what was collected", "contrôler et valider ce qui a été collecté"),
    "analyse": ("compute ties and weekly indicators", "calculer les liens et les indicateurs hebdomadaires"),
    "report": ("publish the weekly report", "publier le rapport hebdomadaire"),
    "serve": ("the public edition in a browser here", "l'édition publique dans un navigateur, ici"),
    "weekly": ("all of it: collect, clean, analyse, report", "tout : collecter, contrôler, analyser, publier"),
    "query": ("ask the tables in SQL", "interroger les tables en SQL"),
    "export": ("the week's graph for Gephi and others", "le graphe de la semaine pour Gephi et d'autres"),
    "runs": ("runs that wait or were set aside; try again or discard", "collectes en attente ou mises de côté"),
    "status": ("what the lake holds", "ce que contient le lac"),
    "erase": ("remove a person from everything that is kept", "retirer une personne de tout ce qui est conservé"),
    "optout": ("people who asked to be left out", "les personnes qui ont demandé à être exclues"),
    "measure": ("measure a graph given as a CSV of edges", "mesurer un graphe donné en CSV d'arêtes"),
    "classify": ("say what posts do: call, relay, offer...", "dire ce que font des publications : appel, relais..."),
    "replay": ("rebuild from a vault, without the network", "reconstruire depuis un coffre, sans réseau"),
    "demo": ("the whole job on the embedded invented campaign", "tout le travail sur la campagne inventée fournie"),
    "config": ("show the settings and where each comes from", "montrer les réglages et d'où vient chacun"),
}


class Commands(click.Group):
    """Knows its subcommands by name and summary, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand that is called."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"flows.cli.{cmd_name}_command")
        command: click.Command = module.command
        for one in (command, *getattr(command, "commands", {}).values()):
            if not any(option.name == "lang" for option in one.params):
                one.params.append(_lang_option())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the subcommands without importing them."""
        with formatter.section(both("Commands", "Commandes")):
            formatter.write_dl([(name, both(*words)) for name, words in COMMANDS.items()])


def build() -> click.Group:
    """The command group, in the language of this process."""
    speak()
    return Commands(
        "passerelle",
        help=both(
            "How help travels through weak ties when people mobilise under a hashtag.",
            "Comment l'entraide passe par les liens faibles quand on se mobilise sous un mot-dièse.",
        ),
        params=[
            _lang_option(),
            click.Option(
                ["--debug"],
                is_flag=True,
                expose_value=False,
                callback=_remember_debug,
                help=both("Show the traceback of an error.", "Montrer la trace d'une erreur."),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_version,
                help=both("Show the version and exit.", "Afficher la version et quitter."),
            ),
        ],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )


def _lang_option() -> click.Option:
    """Taken before the subcommand or after it: `language` finds it wherever it stands."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        help=both("Language of help and errors.", "Langue de l'aide et des erreurs."),
    )


def main() -> None:
    """Run the command: one line a person can act on for whatever goes wrong, and the right exit code."""
    guard()
    sys.excepthook = _unexpected
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to end ends as by Ctrl-C: in order
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """The exit code of `passerelle WORDS`; errors are printed on stderr."""
    try:
        code = build().main(words, prog_name="passerelle", standalone_mode=False)
        return int(code) if isinstance(code, int) else ExitCode.DONE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except (KeyboardInterrupt, click.Abort):
        _say(both("interrupted; run the same command again", "interrompu ; relancez la même commande"))
        return ExitCode.INTERRUPTED
    except PasserelleError as error:
        text = error.text(asked_language())
        return _failed(error, typeset(text) if asked_language() == "fr" else text, error.exit_code)
    except BrokenPipeError:
        return ExitCode.FAILED
    except OSError as error:
        return _failed(error, _system_error(error), ExitCode.FAILED)


def is_debugging() -> bool:
    """Whether the command was given ``--debug``."""
    return bool(_DEBUG)


def _failed(error: Exception, line: str, code: ExitCode) -> int:
    if _DEBUG:
        traceback.print_exception(error)
    _say(line)
    return code


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody foresaw is one line too; Python exits with 1 after it."""
    if _DEBUG:
        sys.__excepthook__(kind, error, trace)
    words = str(error).partition("\n")[0]
    if os.strerror(errno.ENOSPC) in str(error):  # the tables' own library does not raise an OSError
        _say(_system_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
        return
    _say(
        both(
            f"unexpected {kind.__name__}: {words}; running the same command again is safe. --debug shows where",
            f"erreur inattendue {kind.__name__} : {words} ; on peut relancer sans risque. --debug montre où",
        )
    )


def _system_error(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno == errno.ENOSPC:
        return where + both(
            "the disk is full; free some space and run the same command again: what was there is intact",
            "le disque est plein ; libérez de la place et relancez la même commande : l'existant est intact",
        )
    if error.errno in (errno.EROFS, errno.EACCES):
        return where + both(
            f"{error.strerror}; check the rights, or name another folder with --lake",
            f"{french_reason(error)} ; vérifiez les droits, ou nommez un autre dossier avec --lake",
        )
    return where + both(error.strerror or str(error), french_reason(error))


def _say(line: str) -> None:
    print(f"passerelle: {line}", file=sys.stderr)


_DEBUG: list[bool] = []


def _remember_debug(_context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        _DEBUG.append(True)


def _version(context: click.Context, _option: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"passerelle {passerelle.__version__}")
        context.exit()
