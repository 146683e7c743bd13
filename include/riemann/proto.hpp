#ifndef RIEMANN_PROTO_HPP
#define RIEMANN_PROTO_HPP

#include <riemann.pb.h>
#include <riemann/event.hpp>
#include <riemann/message.hpp>
#include <riemann/response.hpp>

/// For those who hold protobuf objects: the only public header that includes
/// protobuf's.
namespace riemann::inline v0 {

/// As the encoder writes it: a time of microseconds sets `time` too.
[[nodiscard]] proto::Event to_proto(const event& e);
[[nodiscard]] proto::Event to_proto(const event_view& view);
[[nodiscard]] proto::Msg to_proto(const message& m);
/// As `event_view` reads it: sint64 before double before float metric,
/// `time_micros` before `time`.
[[nodiscard]] event from_proto(const proto::Event& e);

} // namespace riemann::inline v0

#endif
