#ifndef RIEMANN_PROTO_HPP
#define RIEMANN_PROTO_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/message.hpp>
#include <riemann/response.hpp>

// Its classes are public, and cannot say so themselves.
#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif
#include <riemann/riemann.pb.h>
#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

/// For those who hold protobuf objects: the only public header that includes
/// protobuf's.
namespace riemann::inline v0 {

/// As the encoder writes it: a time of microseconds sets `time` too.
[[nodiscard]] RIEMANN_EXPORT proto::Event to_proto(const event& e);
/// The same of an event of an answer.
[[nodiscard]] RIEMANN_EXPORT proto::Event to_proto(const event_view& view);
/// The whole message. It is decoded from its bytes.
[[nodiscard]] RIEMANN_EXPORT proto::Msg to_proto(const message& m);
/// As `event_view` reads it: sint64 before double before float metric,
/// `time_micros` before `time`.
[[nodiscard]] RIEMANN_EXPORT event from_proto(const proto::Event& e);

} // namespace riemann::inline v0

#endif
