"""``python -m engine.prepare``: compiles the kernels of networks into the cache, before anybody trains them.

Reads one JSON request a line and answers each with one line. A newer request ends the work on an older one.
The process ends with its input, or when nothing was asked for a while. It is meant to run beside a window:
at low priority, and never in its way.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import queue
import sys
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.catalogue.sources.base import Dataset, Field
from engine.data.split import split
from engine.errors import LayerloomError
from engine.estimate.calibrate import calibrate
from engine.estimate.rates import keep_rates, kept_rates
from engine.infer import infer
from engine.io.project_json import project_from_json, project_to_json
from engine.kernels import jit
from engine.plan.parameters import Parameters
from engine.project import Project
from engine.templates import TEMPLATES
from engine.templates.template import DIGITS
from engine.train.control import Control
from engine.train.job import job_of
from engine.train.loop import Loop

if sys.platform != "win32":
    import resource

#: How long the process waits for another request (s).
IDLE = 30.0
NICENESS = 10
#: The largest parameters that are prepared for (bytes): a run holds several copies of them, and so does a rehearsal.
MOST_PARAMETERS = 512 * 2**20
#: Address space beside what the interpreter and its libraries have taken at the start (bytes).
SPACE = 4 * 2**30
#: What asks for the kernels of the networks to begin with.
SAMPLES = {"samples": True}
#: What asks how fast this machine is.
RATES = {"rates": True}
PARTS = ("inputs", "targets", "test_inputs", "test_targets")
Requests = queue.SimpleQueue[str | None]


def request(project: Project, dataset: Dataset) -> dict[str, Any]:
    """What to send for a project with its data: its text, and what the data look like."""
    text = project_to_json(replace(project, source=None), None, Path()).decode()
    looks = {part: {name: _look(field) for name, field in getattr(dataset, part).items()} for part in PARTS}
    return {"project": text, "data": looks}


def _look(field: Field) -> dict[str, Any]:
    return {"shape": field.values.shape, "type": field.values.dtype.str, "classes": field.classes}


def blank(looks: Mapping[str, Any], most: int) -> Dataset:
    """Zeros that look like the data, at most so many samples of them."""

    def field(look: Mapping[str, Any]) -> Field:
        count, *rest = look["shape"]
        return Field(np.zeros((min(count, most), *rest), look["type"]), tuple(look["classes"]))

    found = {part: {name: field(look) for name, look in looks[part].items()} for part in PARTS}
    return Dataset(found["inputs"], found["targets"], found["test_inputs"], found["test_targets"])


def weight(project: Project) -> int:
    """Bytes of a project's parameters, found without making any."""
    return sum(infer(project.graph).parameter_count()) * np.dtype(project.training.dtype).itemsize


def prepare(project: Project, dataset: Dataset, control: Control) -> None:
    """Compile what training this project needs.

    Raises:
        LayerloomError: the project cannot be trained as it is.
    """
    job = job_of(project, split(dataset, project.split))
    weights = Parameters(job.graph, job.inference, np.dtype(job.dtype))  # not drawn: nobody trains them
    for _ in Loop(job, parameters=weights).prepare(control):
        pass


def prepare_samples(control: Control) -> None:
    """Compile what the networks for digits need, once for every version of the kernels.

    Other templates are prepared when they are chosen: compiling for all would keep a machine busy for minutes.
    """
    done = jit.CACHE / "samples-done"
    if done.exists():
        return
    for template in TEMPLATES.values():
        if template.category != DIGITS:
            continue
        project = template.make()
        if project.source is not None and not control.stopped:
            prepare(project, project.source.load(None), control)
    if not control.stopped:
        done.touch()


def rates_text(control: Control) -> str:
    """This machine's rates as one line, measured where nobody measured before; ``dropped`` when that was stopped."""
    rates = kept_rates()
    if rates is None:
        rates = calibrate(control)
        if rates is None:
            return "dropped"
        with contextlib.suppress(OSError):  # then the next start measures again
            keep_rates(rates)
    return rates.text


def answer(line: str, control: Control) -> str:
    """Do what a line asks for; what comes of it in one word, or the rates."""
    try:
        asked = json.loads(line)
        if asked == RATES:
            return rates_text(control)
        if asked == SAMPLES:
            prepare_samples(control)
        else:
            project = project_from_json(str(asked["project"]).encode()).project
            if weight(project) > MOST_PARAMETERS:
                return "no"  # before anything is made: somebody is only drawing
            prepare(project, blank(asked["data"], 3 * project.training.batch_size), control)
    except (LayerloomError, ValueError, KeyError, TypeError, MemoryError, OSError):
        return "no"  # the window says what is wrong with a project, not this process
    return "dropped" if control.stopped else "ready"


def serve(requests: Requests, controls: list[Control]) -> None:
    """Answer requests until there are no more, the newest of those that wait only."""
    while (line := _newest(requests)) is not None:
        controls[0] = Control()
        print(answer(line, controls[0]), flush=True)


def _newest(requests: Requests) -> str | None:
    try:
        line = requests.get(timeout=IDLE)
        while line is not None and not requests.empty():
            print("dropped", flush=True)
            line = requests.get()
    except queue.Empty:
        return None
    return line


def bound_memory() -> None:
    """Let this process take only so much more memory, where the system can be asked to see to it."""
    if sys.platform != "win32":
        # Where a system refuses, the limit on parameters still stands.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            hard = resource.getrlimit(resource.RLIMIT_AS)[1]
            wanted = _taken() + SPACE
            resource.setrlimit(
                resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )


def _taken() -> int:
    """Bytes of address space in use: libraries reserve more of it the more cores there are."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def main() -> None:
    """Serve standard input."""
    bound_memory()
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(NICENESS)
    gc.disable()  # a short life that compiles
    requests: Requests = queue.SimpleQueue()
    controls = [Control()]

    def listen() -> None:
        for line in sys.stdin:
            controls[0].stop()  # before the request is seen: what it starts must not be stopped
            requests.put(line)
        controls[0].stop()
        requests.put(None)

    threading.Thread(target=listen, name="prepare-input", daemon=True).start()
    serve(requests, controls)


if __name__ == "__main__":
    main()
