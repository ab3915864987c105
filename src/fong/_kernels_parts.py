"""How inner kernels are compiled: typed once, and made into machine code once, inside the kernels that Python calls.

Left alone, numba makes one version of a function for each combination of integer widths *and of constants* that it is called with
(twenty of a function that takes a kind of event), and makes each of them into optimised machine code together with all that it calls, so
a deep call tree is compiled again at each of its levels. An inner kernel is never called from Python: it needs one version, and
its code only where it is used. So here

* whole numbers of all widths, and constants, count as ``int64`` before an inner kernel is typed (:func:`typed_once`);
* an inner kernel's library (:class:`Part`) keeps its code as it is, and the library of an outer kernel (:class:`Whole`) takes in all
  parts below it before its one optimisation.

Measured on the decoder: 476 versions become 190, and 107 s of processor time 36 s (docs/benchmarks.md). Only numba's documented door for
other pipelines (``pipeline_class``) is used to bring it in, but the classes behind it are numba's own, so a test compares the outcome
with numba's ordinary one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from numba.core import types
from numba.core.codegen import CPUCodegen, JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.cpu import CPUContext
from numba.core.dispatcher import Dispatcher

_numbers = itertools.count()


class _Codegen:
    """A code generator for parts: there is no machine code yet whose environment could be set."""

    def __init__(self, codegen: CPUCodegen) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> object:
        return getattr(self._codegen, name)

    def set_env(self, env_name: str, env: object) -> None:
        """Leave it: kernels run without the interpreter and never look at their environment."""


class Part(JITCodeLibrary):
    """The code of an inner kernel, handed on as it is."""

    @property
    def codegen(self) -> _Codegen:
        """The code generator, which sets no environment."""
        return _Codegen(self._codegen)

    def finalize(self) -> None:
        """Nothing more is added; nothing is optimised."""
        self._raise_if_finalized()
        self._final_module.verify()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002 - numba's signature
        """There is no machine code."""
        return 0


class Whole(JITCodeLibrary):
    """The code of an outer kernel with all the parts that it, or a part of it, calls."""

    def finalize(self) -> None:
        """Take in the parts of the parts, then optimise all of it together."""
        todo = list(self._linking_libraries)
        seen = set(todo)
        while todo:
            part = todo.pop()
            if isinstance(part, Part):
                fresh = [x for x in dict.fromkeys(part._linking_libraries) if x not in seen]  # noqa: SLF001 - of one kind
                seen.update(fresh)
                todo += fresh
                self._linking_libraries += fresh
        super().finalize()


class InnerCompiler(Compiler):
    """Compiles inner kernels into parts."""

    def __init__(self, typing: object, target: CPUContext, _: object, *rest: object) -> None:
        part = Part(target.codegen(), f"fong.part.{next(_numbers)}")
        super().__init__(typing, target, part, *rest)


class OuterCompiler(Compiler):
    """Compiles outer kernels into one whole."""

    def __init__(self, typing: object, target: CPUContext, _: object, *rest: object) -> None:
        whole = Whole(target.codegen(), f"fong.whole.{next(_numbers)}")
        whole.enable_object_caching()
        super().__init__(typing, target, whole, *rest)


def typed_once(dispatcher: Dispatcher) -> None:
    """Have a kernel that other kernels call typed for ``int64`` only, whatever whole numbers it is called with."""
    plain: Callable[..., object] = dispatcher.get_call_template

    def get_call_template(args: tuple[types.Type, ...], kws: dict[str, types.Type]) -> object:
        return plain(tuple(map(_wide, args)), {name: _wide(kind) for name, kind in kws.items()})

    dispatcher.get_call_template = get_call_template  # type: ignore[method-assign, assignment]


def _wide(kind: types.Type) -> types.Type:
    """The type that stands for a type at an inner kernel's door."""
    plain: types.Type = types.unliteral(kind)
    return types.int64 if plain in types.signed_domain else plain
