#ifndef RIEMANN_CODEC_COPY_EVENT_HPP
#define RIEMANN_CODEC_COPY_EVENT_HPP

#include <riemann/event_view.hpp>

namespace riemann::inline v0::codec {

/// Copies what is viewed to an event that is blank: where it is to lie, since to
/// move an event costs much of what it costs to make one.
void copy_event(const event_view& from, event& to);

} // namespace riemann::inline v0::codec

#endif
