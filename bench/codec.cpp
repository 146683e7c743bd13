// What encoding and decoding take, by the message, for the ratios that need it from
// the same run. bench-micro has more of it.
#include "program.hpp"
#include "usual_event.hpp"

#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <string>

namespace {

using bench::arguments;
using bench::result;

void encode(const arguments& a, result& r)
{
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    bench::keep(riemann::message{bench::usual_event()});
  }
  r.watch.stop();
}

void encode_by_protobuf(const arguments& a, result& r)
{
  std::string bytes;
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    riemann::proto::Msg msg;
    *msg.add_events() = riemann::to_proto(bench::usual_event());
    msg.SerializeToString(&bytes);
    bench::keep(bytes);
  }
  r.watch.stop();
}

/// An answer's bytes arrive, are checked, and every event's host, service and metric
/// are looked at.
template <class Read>
void decode(const arguments& a, result& r, Read read)
{
  const auto body = bench::usual_answer(a.events);
  r.watch.start();
  for (std::size_t i = 0; i != a.messages; ++i) {
    const auto answer = riemann::response::parse(body).value();
    read(answer);
  }
  r.watch.stop();
}

void read_views(const riemann::response& answer)
{
  for (const riemann::event_view e : answer.events()) {
    bench::keep(e.host());
    bench::keep(e.service());
    bench::keep(e.metric());
  }
}

void read_owning(const riemann::response& answer)
{
  const auto events = answer.to_events();
  for (const riemann::event& e : events) {
    bench::keep(e.host);
    bench::keep(e.service);
    bench::keep(e.metric);
  }
}

} // namespace

int main(int argc, char** argv)
{
  return bench::run(
      {.name = "bench-codec",
       .about = "Encoding and decoding",
       .modes = {{"encode", encode},
                 {"encode-protobuf", encode_by_protobuf},
                 {"views", [](const auto& a, auto& r) { decode(a, r, read_views); }},
                 {"owning", [](const auto& a, auto& r) { decode(a, r, read_owning); }}}},
      argc, argv);
}
