"""Planning: problem → schedule, with a bound and reasons."""
