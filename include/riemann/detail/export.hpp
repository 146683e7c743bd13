#ifndef RIEMANN_DETAIL_EXPORT_HPP
#define RIEMANN_DETAIL_EXPORT_HPP

/// What a shared library shows: it is built with hidden visibility, so each public class
/// and function says that it is one. In a static library it makes no difference.
#if defined(__GNUC__) && !defined(_WIN32)
#define RIEMANN_EXPORT __attribute__((visibility("default")))
/// Of a class that is nested in an exported one, and is nobody's business.
#define RIEMANN_HIDDEN __attribute__((visibility("hidden")))
#else
#define RIEMANN_EXPORT
#define RIEMANN_HIDDEN
#endif

#endif
