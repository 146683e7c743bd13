// Preloaded into collectd 5.12, mends a call of its write_riemann plugin: it sets the time
// in microseconds and does not say that this is the last field, so that what happens to lie
// behind becomes fields too, or ends the process. Later versions end that call.
#include <riemann/event.h>

#include <cstdarg>
#include <cstdint>

extern "C" int riemann_event_set(riemann_event_t* event, ...)
{
  std::va_list given;
  va_start(given, event);
  const auto first = static_cast<riemann_event_field_t>(va_arg(given, int));
  int result = 0;
  if (first == RIEMANN_EVENT_FIELD_TIME_MICROS) {
    event->has_time_micros = 1;
    event->time_micros = va_arg(given, std::int64_t);
  } else {
    result = riemann_event_set_va(event, first, given);
  }
  va_end(given);
  return result;
}
