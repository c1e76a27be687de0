"""Lives a plan: one process of the public command a step, killed where the plan says so and then repeated."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Sequence

from tests.life.household import Done, Household
from tests.life.kill import Killer, num_writes
from tests.life.lake_rows import rows
from tests.life.looks import Look, Requests
from tests.life.lost_answers import lost_answers
from tests.life.plan import Step
from tests.life.twins import twin_differences
from tests.sandbox.server import Sandbox

_COMMANDS = {"collect": ("collect",), "report": ("collect", "report"), "weekly": ("weekly",)}


class Driver:
    """Keeps what happened: `looks`, and in `wrong` whatever was not as it should be."""

    def __init__(self, household: Household, servers: Sequence[Sandbox]) -> None:
        self._household, self._servers = household, servers
        self.looks: list[Look] = []
        self.wrong: list[str] = []
        self.num_kills = 0
        self._begun: list[int] = []

    def live(self, step: Step) -> None:
        """One step. A killed one is lived twice: whole in a copy of the lake, which it must then equal."""
        self._prepare(step)
        if step.kill is not None:
            self._copy("lake", "unkilled")
            counts = num_writes(self._household.lake("unkilled"))
            requests, ended = self._whole(step, "unkilled")
            counts = num_writes(self._household.lake("unkilled")) - counts
            self._prepare(step)
            lakes = [self._household.lake(name) for name in ("unkilled", "lake")]
            self._killed(step, sum(map(len, requests)), counts)
            lines = twin_differences(*lakes) if len(self._servers) == 1 or self._is_alike() else []
            self.wrong += [f"{step.moment} {step.kill}: {line}" for line in lines]
        else:
            requests, ended = self._whole(step, "lake")
        self._judge(step, ended)
        self.looks.append(Look(step.moment, self._household.clock.now(), ended[0].code == 0, not step.faults, requests))

    def _is_alike(self) -> bool:
        """Of several sources some were collected once more after the kill: then only the truth can tell."""
        runs = [len(rows(self._household.lake(name), "runs")) for name in ("unkilled", "lake")]
        return runs[0] == runs[1]

    def _prepare(self, step: Step) -> None:
        self._household.clock.set(step.moment)
        for server in self._servers:
            server.limit = step.limit
            server.faults[:] = copy.deepcopy(list(step.faults))
            server.repeats.clear()
            server.begin_window()

    def _whole(self, step: Step, lake: str) -> tuple[list[Requests], list[Done]]:
        before = [len(server.log) for server in self._servers]
        ended = [self._household.run(word, lake=lake) for word in _COMMANDS[step.command]]
        return [server.log[n:] for server, n in zip(self._servers, before, strict=True)], ended

    def _killed(self, step: Step, num_requests: int, num_commits: int) -> None:
        assert step.kill is not None
        self._begun = [len(server.log) for server in self._servers]
        killer = Killer(whole_group=step.kill.whole_group)
        if step.kill.at == "request":
            self._strike_at_request(killer, max(1, round(step.kill.share * num_requests)))
        written = self._household.lake()
        goal = num_writes(written) + max(1, round(step.kill.share * num_commits))
        for word in _COMMANDS[step.command]:
            struck = killer.has_struck
            if step.kill.at == "write" and not struck:
                killer = Killer(whole_group=step.kill.whole_group)
                killer.strike_at_write(lambda: num_writes(written), goal)
            self._household.run(word, started=None if struck else killer.aim)
            if killer.has_struck and not struck:
                self._bury(killer, step)
                self._repeat(word)
        self.num_kills += killer.has_struck
        if not killer.has_struck:
            self.wrong.append(f"{step.moment}: the kill never came, so that nothing was shown")

    def _repeat(self, word: str) -> None:
        """The killed step again. Where all had been collected it is one more collection: so it is in the copy too."""
        moment = self._household.clock.now()
        again = self._household.run(word)
        if again.code != 0:
            self.wrong.append(f"{moment}: {word} after a kill: exit {again.code}\n{again.err[-1200:]}")
        if len(self._servers) == 1 and not self._is_alike():
            self._household.clock.set(moment)
            self._household.run(word, lake="unkilled")

    def _bury(self, killer: Killer, step: Step) -> None:
        left = killer.survivors()
        for server, n in zip(self._servers, self._begun, strict=True):
            server.door = None
            server.repeats = lost_answers(self._household.lake() / "vault", server.log[n:], step.moment)
        if left:
            self.wrong.append(f"{step.moment}: {len(left)} processes lived on after {step.command} was killed")

    def _strike_at_request(self, killer: Killer, number: int) -> None:
        served = 0

        def door() -> bool:
            nonlocal served
            served += 1
            if served < number or killer.has_struck:
                return True
            killer.strike()
            return not killer.whole_group  # of the command alone: its crawl may still get an answer

        for server in self._servers:
            server.door = door

    def _judge(self, step: Step, ended: list[Done]) -> None:
        """A step on a day of outage must not say that all is well; any other must."""
        is_lossy = any(fault.kind == "unavailable" for fault in step.faults)
        for done in ended:
            lossy = is_lossy and done.words[0] != "report"
            if (done.code in (1, 4)) != lossy or (not lossy and done.code != 0):
                self.wrong.append(
                    f"{step.moment} {done.words[0]}: exit {done.code}\n{done.out[-400:]}{done.err[-1200:]}"
                )

    def _copy(self, name: str, copied: str) -> None:
        target = self._household.folder / copied
        shutil.rmtree(target, ignore_errors=True)
        source = self._household.folder / name
        source.mkdir(exist_ok=True)
        shutil.copytree(source, target, symlinks=True)
