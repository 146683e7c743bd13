// A program of a user's that holds protobuf objects.
#include "check.hpp"

#include <riemann/proto.hpp>

int main()
{
  riemann::proto::Msg written;
  written.add_events()->set_service("installed");
  written.mutable_events(0)->set_metric_d(0.5);
  const riemann::message message{written};
  check("taken in", message.event_count() == 1);
  check("given out", riemann::to_proto(message).events(0).service() == "installed");
  check("converted", riemann::from_proto(written.events(0)).metric == riemann::metric{0.5});
  const riemann::response answer = riemann::response::failure("no");
  check("an answer, too", answer.to_proto().error() == "no");
  return told();
}
