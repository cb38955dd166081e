"""Looks inside networks on a thread of its own: the latest question wins."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from designer.text import tr
from designer.training.filters import filters, gives_sequences
from designer.training.look import Anatomy, Given, Knowledge, Look, Wish, picture_input
from designer.training.tiles import activation_tiles, kernel_tiles, small_tiles
from engine.errors import DataError, LayerloomError
from engine.explain.explainer import Explainer
from engine.explain.pictures import sample_of_picture
from engine.explain.question import CamQuestion, Question
from engine.graph import Graph
from engine.infer import Inference
from engine.plan.parameters import Parameters
from engine.tensor_spec import TensorSpec
from engine.train.feeds import bound
from engine.train.state import Arrays

log = logging.getLogger(__name__)

Array = npt.NDArray[Any]
#: Networks that are kept ready: the run's and the one on the canvas.
KEPT = 2


class Looker:
    """A thread that sleeps until something is asked, and forgets questions that newer ones overtook."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._question: tuple[Knowledge, Wish] | None = None
        self._busy = False
        self._forgotten = 0
        self._ending = False
        self._answers: deque[Look] = deque()
        self._thread: threading.Thread | None = None
        self._eye = Eye()

    def ask(self, knowledge: Knowledge, wish: Wish) -> None:
        """Look at this next, in place of what waits to be looked at."""
        with self._condition:
            self._question = (knowledge, wish)
            if self._thread is None and not self._ending:
                self._thread = threading.Thread(target=self._work, name="layerloom-inside", daemon=False)
                self._thread.start()
            self._condition.notify()

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come, or to be taken."""
        with self._condition:
            return self._busy or self._question is not None or bool(self._answers)

    def take(self) -> list[Look]:
        """Answers so far, the oldest first."""
        with self._condition:
            taken = list(self._answers)
            self._answers.clear()
            return taken

    def forget(self) -> None:
        """Drop what was asked, also what is being looked at, and what was not taken yet."""
        with self._condition:
            self._question = None
            self._answers.clear()
            self._forgotten += 1

    def close(self, timeout_s: float) -> bool:
        """End the thread; whether it ended in time (one that compiles ends by itself later)."""
        with self._condition:
            self._ending = True
            self._question = None
            self._condition.notify()
        if self._thread is not None:
            self._thread.join(timeout_s)
            return not self._thread.is_alive()
        return True

    def _work(self) -> None:
        while True:
            with self._condition:
                while self._question is None and not self._ending:
                    self._condition.wait()
                if self._ending or self._question is None:
                    return
                knowledge, wish = self._question
                self._question = None
                self._busy = True
                forgotten = self._forgotten
            look = self._eye.look(knowledge, wish)
            with self._condition:
                self._busy = False
                if forgotten == self._forgotten:
                    self._answers.append(look)


class Eye:
    """Answers questions; keeps what it prepared for the networks it saw last."""

    def __init__(self) -> None:
        self._explainers: deque[Explainer] = deque(maxlen=KEPT)
        self._anatomies: deque[Anatomy] = deque(maxlen=KEPT)
        self._fresh: tuple[Graph, int, Arrays] | None = None
        self._read: tuple[object, Array] | None = None

    def look(self, knowledge: Knowledge, wish: Wish) -> Look:
        """Look once; whatever goes wrong becomes a sentence in the answer."""
        begun = time.thread_time()
        try:
            look = self._seen(knowledge, wish)
        except LayerloomError as error:
            look = Look(knowledge, wish, self._known(knowledge.graph), fault=str(error))
        except MemoryError:
            look = Look(knowledge, wish, fault=tr("There is not enough memory to look inside this network."))
        except Exception as error:
            log.exception("looking inside failed")
            said = " ".join(str(error).split())[:160]
            told = f"{type(error).__name__}: {said}"
            fault = tr("Looking inside failed ({told}). Training is unharmed.", told=told)
            look = Look(knowledge, wish, fault=fault)
        return replace(look, seconds=time.thread_time() - begun)

    def _seen(self, knowledge: Knowledge, wish: Wish) -> Look:
        explainer = self._explainer(knowledge)
        anatomy = self._anatomy(explainer)
        weights = self._weights(knowledge, anatomy.inference)
        kernel = None
        if wish.kernel is not None and wish.kernel in anatomy.kernels:
            seen = anatomy.kernels[wish.kernel]
            numbers = weights[anatomy.graph.owner(wish.kernel)][seen.weight]
            kernel = kernel_tiles(seen.pictured(numbers), wish.kernel_input, wish.aspect)
        try:
            inputs = self._sample(anatomy, wish)
        except LayerloomError as error:
            return Look(knowledge, wish, anatomy, kernel=kernel, fault=str(error))  # filters need no sample
        known = set(anatomy.layers)
        wanted = tuple(dict.fromkeys(key for key in (*wish.thumbs, wish.layer or "") if key in known))
        cam, cam_fault = self._cam_question(anatomy, wish)
        try:
            insight = explainer.look(weights, Question(inputs, wanted, cam))
        except LayerloomError as error:
            if cam is None:
                raise
            # Without the map the rest can still be seen.
            cam_fault = str(error)
            insight = explainer.look(weights, Question(inputs, wanted, None))
        thumbs = {
            k: small_tiles(insight.activations[k], gives_sequences(anatomy.graph, anatomy.inference, k))
            for k in wish.thumbs
            if k in known
        }
        large = None
        if wish.layer in known:
            turned = gives_sequences(anatomy.graph, anatomy.inference, wish.layer)
            large = activation_tiles(insight.activations[wish.layer], wish.aspect, wish.own, turned=turned)
        return Look(knowledge, wish, anatomy, inputs, insight.outputs, insight.cam, cam_fault, thumbs, large, kernel)

    def _sample(self, anatomy: Anatomy, wish: Wish) -> dict[str, Array]:
        """The wish's sample by Input node, in the shapes the network takes.

        Raises:
            DataError: an input has no field, or the network takes no pictures.
            FileError: the picture cannot be read.
        """
        order = anatomy.graph.inputs
        given = wish.given
        replaced = picture_input(anatomy.graph, anatomy.inference) if given is not None else None
        if given is not None and replaced is None:
            raise DataError(tr("This network takes no pictures. Choose a sample of the data instead."))
        # With a picture from outside, the other inputs may do without data only if there are none.
        found = bound(order, dict(wish.names), wish.fields, "input") if wish.fields or given is None else {}
        if given is not None and replaced is not None:
            found[replaced] = self._picture(given, anatomy.inference.outputs[replaced][0])
        for key, values in found.items():
            spec = anatomy.inference.outputs[key][0]
            if spec.known and (*values.shape, 1) == spec.sizes:
                found[key] = values.reshape(spec.sizes)
        return found

    def _picture(self, given: Given, spec: TensorSpec) -> Array:
        """A picture as the data have them; files are read once."""
        if isinstance(given.source, Path):
            key = (given.source, spec.shape, given.invert, given.centred)
            if self._read is None or self._read[0] != key:
                self._read = (key, sample_of_picture(given.source, spec, given.invert, centred=given.centred))
            values = self._read[1]
        else:
            values = sample_of_picture(given.source, spec, given.invert, centred=given.centred)
        return given.low + values * (given.high - given.low)

    def _cam_question(self, anatomy: Anatomy, wish: Wish) -> tuple[CamQuestion | None, str]:
        if not wish.cam:
            return None, ""
        layer = wish.cam_layer if wish.cam_layer in anatomy.cam_layers else anatomy.cam_default
        if layer is None:
            return None, tr(
                "This network has no layer that keeps the places of a picture, so nothing can be pointed at. "
                "A class activation map needs a convolution: add a Conv2D layer."
            )
        output = wish.cam_output if wish.cam_output in anatomy.graph.outputs else None
        return CamQuestion(layer, wish.cam_class, output), ""

    def _explainer(self, knowledge: Knowledge) -> Explainer:
        for kept in self._explainers:
            if kept.graph is knowledge.graph:
                return kept
        made = Explainer(knowledge.graph)
        self._explainers.append(made)
        return made

    def _anatomy(self, explainer: Explainer) -> Anatomy:
        known = self._known(explainer.graph)
        if known is None:
            graph, inference = explainer.graph, explainer.inference
            wanted = frozenset().union(*(graph.upstream(key) for key in graph.outputs))
            layers = tuple(key for key in graph.order if key in wanted)
            known = Anatomy(
                graph, inference, layers, tuple(explainer.cam_layers), explainer.default_cam_layer,
                filters(graph, inference),
            )  # fmt: skip
            self._anatomies.append(known)
        return known

    def _known(self, graph: Graph) -> Anatomy | None:
        return next((kept for kept in self._anatomies if kept.graph is graph), None)

    def _weights(self, knowledge: Knowledge, inference: Inference) -> Arrays:
        if knowledge.weights is not None:
            return knowledge.weights
        fresh = self._fresh
        if fresh is None or fresh[0] is not knowledge.graph or fresh[1] != knowledge.seed:
            parameters = Parameters(knowledge.graph, inference, np.dtype(np.float32))
            parameters.initialize(knowledge.seed)
            fresh = self._fresh = (knowledge.graph, knowledge.seed, parameters.copy())
        return fresh[2]
