"""Where thinking meets the world: each use case loads, calls pure rooms, and writes.

One file per family of use cases: :mod:`~fong.workshop.loading` and :mod:`~fong.workshop.reading` (files come in, by way of
:mod:`~fong.workshop.child`, a process with limits),
:mod:`~fong.workshop.planning`, :mod:`~fong.workshop.checking`, :mod:`~fong.workshop.explaining`, :mod:`~fong.workshop.exporting` (files
go out, whole or not at all), :mod:`~fong.workshop.templates`, :mod:`~fong.workshop.learning`.
"""
