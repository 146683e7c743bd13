#ifndef RIEMANN_DETAIL_SAME_ASIO_HPP
#define RIEMANN_DETAIL_SAME_ASIO_HPP

#include <riemann/detail/export.hpp>

// For what Asio makes of the switches.
#include <boost/asio/detail/config.hpp>

/**
 * How the switches were set by which Asio's classes and functions are others under the same
 * names (of `socket.close(error)` what it returns). A program in which they are not as they
 * were where the library was compiled would crash or hang: it does not link, and the name
 * that is missing says which.
 */
namespace riemann::inline v0::detail::library_was_compiled {

// NOLINTBEGIN(bugprone-macro-parentheses): it is a name
// NOLINTBEGIN(misc-definitions-in-headers): the library's own source defines the macro so
#ifndef RIEMANN_COMPILED
#define RIEMANN_COMPILED(how)                                                                      \
  RIEMANN_EXPORT extern const char how;                                                            \
  [[gnu::used]] inline const char* const program_##how = &how;
#endif

#ifdef BOOST_ASIO_NO_DEPRECATED
RIEMANN_COMPILED(with_BOOST_ASIO_NO_DEPRECATED)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_NO_DEPRECATED)
#endif

#ifdef BOOST_ASIO_ENABLE_HANDLER_TRACKING
RIEMANN_COMPILED(with_BOOST_ASIO_ENABLE_HANDLER_TRACKING)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_ENABLE_HANDLER_TRACKING)
#endif

#ifdef BOOST_ASIO_NO_TYPEID
RIEMANN_COMPILED(with_BOOST_ASIO_NO_TYPEID)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_NO_TYPEID)
#endif

#ifdef BOOST_ASIO_HAS_EPOLL
RIEMANN_COMPILED(with_BOOST_ASIO_HAS_EPOLL)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_HAS_EPOLL)
#endif

#ifdef BOOST_ASIO_HAS_IO_URING
RIEMANN_COMPILED(with_BOOST_ASIO_HAS_IO_URING)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_HAS_IO_URING)
#endif

#ifdef BOOST_ASIO_HAS_THREADS
RIEMANN_COMPILED(with_BOOST_ASIO_HAS_THREADS)
#else
RIEMANN_COMPILED(without_BOOST_ASIO_HAS_THREADS)
#endif

// The standard library's own.
#ifdef _GLIBCXX_DEBUG
RIEMANN_COMPILED(with_GLIBCXX_DEBUG)
#else
RIEMANN_COMPILED(without_GLIBCXX_DEBUG)
#endif

#undef RIEMANN_COMPILED
// NOLINTEND(misc-definitions-in-headers)
// NOLINTEND(bugprone-macro-parentheses)

} // namespace riemann::inline v0::detail::library_was_compiled

#endif
