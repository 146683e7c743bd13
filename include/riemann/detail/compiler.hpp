#ifndef RIEMANN_DETAIL_COMPILER_HPP
#define RIEMANN_DETAIL_COMPILER_HPP

/// gcc before 13 copies an aggregate temporary of a `co_await` expression bit by
/// bit and destroys both: for an `event`, a double free. A temporary one is
/// refused there at compile time.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#define RIEMANN_REFUSES_TEMPORARY_EVENTS 1
#else
#define RIEMANN_REFUSES_TEMPORARY_EVENTS 0
#endif

#endif
