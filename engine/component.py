"""Declarations: frozen, validated sets of parameters with a JSON form.

A component is a value. Two are equal when their types and parameters are equal; it holds no
arrays and has no identity. Layers, losses, optimizers, sources and the training settings are
all components, and what the palette, the form, the file and the tests need of them is read
from the declaration.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, dataclass_transform

from pydantic import ConfigDict, Field, ValidationError
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pydantic_core import PydanticUndefined

from engine.constraints import Constraint, Number
from engine.errors import ParameterError, UnknownName

C = TypeVar("C", bound="Component")


class Component:
    """Base of every declaration.

    Class attributes:
        kind: which registry it belongs to (``layer``, ``activation``, ``loss`` ...).
        key: its name in files and calls; the class name unless stated.
        title: its name on the screen; ``key`` unless stated.
        category: heading in the palette; also decides the colour.
        icon: name of a Material Design icon.
        counterparts: what it is called elsewhere, such as ``keras.layers.Dense``, ``torch.nn.Linear``, ``onnx.Gemm``.
            None: Keras has it under the same name.
        differences: sentences that say how it differs from Keras's; empty when it does not.
        unread: words that Keras's classes of this kind take and that change nothing here, each with the values that
            may be given; ``None`` allows every value.
    """

    kind: ClassVar[str] = ""
    key: ClassVar[str] = ""
    title: ClassVar[str] = ""
    category: ClassVar[str] = ""
    icon: ClassVar[str] = "mdi6.shape-outline"
    counterparts: ClassVar[tuple[str, ...] | None] = None
    differences: ClassVar[str] = ""
    unread: ClassVar[Mapping[str, tuple[Any, ...] | None]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "key" not in cls.__dict__:
            cls.key = cls.__name__
        if "title" not in cls.__dict__:
            cls.title = cls.key

    def to_json(self) -> dict[str, Any]:
        """Type and all parameters, ready for ``json.dumps``."""
        return {"type": self.key} | {p.name: _jsonable(getattr(self, p.name)) for p in parameters(type(self))}

    def changed(self: C, /, **values: Any) -> C:
        """A copy with some parameters replaced and everything checked again."""
        current = {p.name: getattr(self, p.name) for p in parameters(type(self))}
        unknown = sorted(set(values) - set(current))
        if unknown:
            raise ParameterError(self.key, unknown[0], f"there is no parameter '{unknown[0]}'")
        return type(self)(**(current | values))


def _jsonable(value: Any) -> Any:
    if isinstance(value, Component):
        given = value.to_json()
        # A bare name reads better and diffs better than an object of defaults.
        return given["type"] if _all_default(value) else given
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return value


def _all_default(value: Component) -> bool:
    found = parameters(type(value))
    return all(p.has_default and getattr(value, p.name) == p.default and not p.constraint.spelled_out for p in found)


@dataclass_transform(frozen_default=True, field_specifiers=(Field,))
def component(cls: type[C]) -> type[C]:
    """Class decorator: make a frozen, validated declaration whose errors are sentences."""
    made: Any = pydantic_dataclass(frozen=True, config=ConfigDict(extra="forbid"))(cls)
    plain_init: Callable[..., None] = made.__init__

    def __init__(self: Any, /, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes a method)
        if "__dataclass_self__" in kwargs:  # pydantic's own name for self, which a file may hold
            raise _unknown(made, "__dataclass_self__")
        for word in [word for word in made.unread if word in kwargs and word not in made.__pydantic_fields__]:
            _check_unread(made, word, kwargs.pop(word))
        try:
            plain_init(self, *args, **kwargs)
        except ValidationError as error:
            raise _explained(made, error) from None

    made.__init__ = __init__
    return made  # type: ignore[no-any-return]


def _explained(cls: type[Component], error: ValidationError) -> ParameterError:
    first = error.errors(include_url=False)[0]
    where = first["loc"][0] if first["loc"] else None
    names = [p.name for p in parameters(cls)]
    match first["type"]:
        case "missing" | "missing_argument" | "missing_positional_only_argument" | "missing_keyword_only_argument":
            return ParameterError(cls.key, str(where), f"parameter '{where}' is required and was not given")
        case "unexpected_keyword_argument" | "extra_forbidden":
            return _unknown(cls, str(where))
        case "unexpected_positional_argument":
            return ParameterError(cls.key, None, f"takes at most {len(names)} parameters: {', '.join(names)}")
        case "multiple_argument_values":
            return ParameterError(cls.key, str(where), f"parameter '{where}' was given twice")
    name = names[where] if isinstance(where, int) and where < len(names) else str(where)
    context = first.get("ctx", {}).get("error")
    if isinstance(context, ParameterError):
        return context  # parameters that do not fit together, found after each of them was right
    return ParameterError(cls.key, name, f"{name} {context}" if context else f"{name}: {first['msg']}")


def _check_unread(cls: type[Component], word: str, value: Any) -> None:
    """Refuse a value that would change what is computed, if it were heeded.

    Raises:
        ParameterError: the value is none of those that change nothing.
    """
    allowed = cls.unread[word]
    if allowed is not None and not any(type(value) is type(known) and value == known for known in allowed):
        can = ", ".join(repr(known) for known in allowed)
        raise ParameterError(cls.key, word, f"{word} can only be {can} here; received {value!r}")


def _unknown(cls: type[Component], name: str) -> ParameterError:
    known = ", ".join(p.name for p in parameters(cls)) or "none"
    return ParameterError(cls.key, name, f"there is no parameter '{name}'; it has {known}")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a declaration, as the form and the tests see it.

    Attributes:
        name: Keras's name.
        constraint: its rule.
        default: default value; meaningless unless ``has_default``.
        has_default: whether it may be left out.
        help: one line for the tooltip.
        advanced: shown only when the user unfolds the rest.
    """

    name: str
    constraint: Constraint
    default: Any
    has_default: bool
    help: str
    advanced: bool

    @property
    def label(self) -> str:
        """The name as words: ``kernel size``."""
        return self.name.replace("_", " ")


def parameters(cls: type[Component]) -> tuple[Parameter, ...]:
    """The parameters of a component class, in order."""
    fields = getattr(cls, "__pydantic_fields__", {})
    return tuple(_parameter(cls, name, info) for name, info in fields.items())


def _parameter(cls: type[Component], name: str, info: Any) -> Parameter:
    rules = [m for m in info.metadata if isinstance(m, Constraint)]
    if len(rules) != 1:
        raise TypeError(f"{cls.__name__}.{name} must declare exactly one constraint")
    has_default = info.default is not PydanticUndefined or info.default_factory is not None
    default = info.get_default(call_default_factory=True) if has_default else None
    if has_default:
        default = rules[0].validate(default)
    extra = info.json_schema_extra or {}
    return Parameter(name, rules[0], default, has_default, info.description or "", bool(extra.get("advanced")))


def setting(default: Any = PydanticUndefined, help: str = "", *, advanced: bool = False) -> Any:
    """Declare a parameter's default and its tooltip."""
    return Field(default, description=help, json_schema_extra={"advanced": advanced}, validate_default=True)


class Registry:
    """Components of one kind by name."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._members: dict[str, type[Component]] = {}
        self._aliases: dict[str, str] = {}

    def add(self, cls: type[C], *aliases: str) -> type[C]:
        """Register a class under its key (and other spellings)."""
        known = self._members.get(cls.key)
        if known is not None and (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"two {self.kind}s are called {cls.key}: {known.__module__} and {cls.__module__}")
        for name in (cls.key, *aliases):
            owner = self._aliases.get(name, name if name in self._members else cls.key)
            if owner != cls.key:
                raise ValueError(f"the name {name} of the {self.kind} {cls.key} belongs to {owner}")
        self._members[cls.key] = cls
        self._aliases.update(dict.fromkeys(aliases, cls.key))
        return cls

    def remove(self, key: str) -> None:
        """Forget a member (plug-ins that are switched off, tests)."""
        del self._members[key]
        self._aliases = {alias: name for alias, name in self._aliases.items() if name != key}

    def get(self, name: str) -> type[Component]:
        """The class of that name.

        Raises:
            UnknownName: with the names that exist.
        """
        found = self._members.get(self._aliases.get(name, name))
        if found is None:
            raise UnknownName(f"there is no {self.kind} '{name}'; known are {', '.join(sorted(self._members))}")
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._members or name in self._aliases

    def __iter__(self) -> Any:
        return iter(self._members.values())

    def __len__(self) -> int:
        return len(self._members)


#: The registries by kind: the only state of this package that outlives a call.
REGISTRIES: dict[str, Registry] = {}
#: The module that fills the registries with the catalogue.
CATALOGUE = "engine.registry"


def registry(kind: str) -> Registry:
    """The registry of a kind, filled with the catalogue when first asked for."""
    # By name, because the catalogue itself builds on this module; free of cost once it is loaded, and
    # while it is loading a second thread waits here instead of seeing half of it.
    importlib.import_module(CATALOGUE)
    return REGISTRIES.setdefault(kind, Registry(kind))


#: Names that a sentence can list; of more it gives an example.
MOST_NAMES = 48


@dataclass(frozen=True)
class Slot(Constraint):
    """A parameter that holds another component: by name, as JSON, or ready-made."""

    kind: str
    none: str | None = None

    @property
    def rule(self) -> str:
        names = sorted(cls.key for cls in registry(self.kind) if not getattr(cls, "hidden", False))
        if len(names) > MOST_NAMES:
            return f"the name of {_article(self.kind)}, such as {names[0]}"
        return f"the name of {_article(self.kind)} ({', '.join(names)})"

    def check(self, value: Any) -> Component:
        try:
            return resolved(self.kind, value)
        except UnknownName:
            raise self.refuse(value) from None
        except ParameterError as error:
            raise ValueError(f"is not usable: {error}") from None

    def bad_values(self) -> tuple[Any, ...]:
        return ("no such thing", 3, {"type": "no such thing"}, {"nothing": 1})


@dataclass(frozen=True)
class NumberOrSlot(Number):
    """A parameter that holds a number, or a component of which numbers follow (a learning rate and its schedules)."""

    kind: str = "schedule"

    @property
    def rule(self) -> str:
        names = ", ".join(sorted(cls.key for cls in registry(self.kind)))
        return f"{super().rule}, or a {self.kind} ({names})"

    def check(self, value: Any) -> Any:
        named = isinstance(value, (Component, str, dict)) or callable(value)
        if not named:
            return super().check(value)
        try:
            return resolved(self.kind, value)
        except UnknownName:
            raise self.refuse(value) from None
        except ParameterError as error:
            raise ValueError(f"is not usable: {error}") from None

    def bad_values(self) -> tuple[Any, ...]:
        return (*super().bad_values(), "no such thing", {"type": "no such thing"}, {"nothing": 1})


@dataclass(frozen=True)
class Slots(Constraint):
    """A parameter that holds several components of one kind.

    Attributes:
        kind: which registry they belong to.
        limit: how many there may be.
        repeats: whether one class may stand there more than once.
    """

    kind: str
    limit: int = 32
    repeats: bool = False
    none: str | None = None

    @property
    def rule(self) -> str:
        return f"a list of at most {self.limit} {self.kind} names"

    def check(self, value: Any) -> tuple[Component, ...]:
        if isinstance(value, (str, dict)) or not isinstance(value, (list, tuple)) or len(value) > self.limit:
            raise self.refuse(value)
        one = Slot(self.kind)
        return tuple(one.check(item) for item in value)

    def bad_values(self) -> tuple[Any, ...]:
        return ("no such thing", ("no such thing",), 3)


def _article(word: str) -> str:
    return ("an " if word[0] in "aeiou" else "a ") + word


def resolved(kind: str, value: Any) -> Component:
    """A component from its name, its JSON form, its class, or itself.

    Raises:
        UnknownName: when no component of this kind fits.
        ParameterError: when its parameters do not.
    """
    target = registry(kind)
    value = getattr(value, "declaration", value)  # a handle of the public faces
    if isinstance(value, Component) and value.kind == kind:
        return value
    if isinstance(value, type) and issubclass(value, Component) and value.kind == kind:
        return value()
    if isinstance(value, str):
        return target.get(value)()
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        given = {k: v for k, v in value.items() if k != "type"}
        return target.get(value["type"])(**given)
    for cls in target:
        # Some members make something of what is not theirs: a formula of a Python function.
        if (adopt := getattr(cls, "adopt", None)) is not None and (found := adopt(value)) is not None:
            adopted: Component = found
            return adopted
    raise UnknownName(f"there is no {kind} {_brief(value)}")


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else text[:77] + "..."


def is_component_class(value: Any) -> bool:
    """Whether a module attribute is a finished declaration (not a base class, which may say ``abstract``)."""
    if not (isinstance(value, type) and issubclass(value, Component)):
        return False
    return "__pydantic_fields__" in value.__dict__ and not value.__dict__.get("abstract", False)
