// What one event costs to encode, ours beside protobuf's, and an answer to read.
#include <riemann/message.hpp>
#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <benchmark/benchmark.h>
#include <string>
#include <vector>

namespace {

const riemann::event& usual_event()
{
  static const riemann::event e{.host = "app-server-17.example.org",
                                .service = "api request latency ms",
                                .state = "ok",
                                .metric = 0.217,
                                .tags = {"prod", "api", "http"},
                                .ttl = riemann::ttl_duration{60},
                                .time = riemann::timestamp::from_micros(1'700'000'000'123'456)};
  return e;
}

void encode_directly(benchmark::State& state)
{
  for (auto _ : state) {
    benchmark::DoNotOptimize(riemann::message{usual_event()});
  }
}
BENCHMARK(encode_directly);

void encode_by_protobuf(benchmark::State& state)
{
  std::string bytes;
  for (auto _ : state) {
    riemann::proto::Msg msg;
    *msg.add_events() = riemann::to_proto(usual_event());
    msg.SerializeToString(&bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
}
BENCHMARK(encode_by_protobuf);

std::vector<std::byte> answer_of(std::int64_t events)
{
  const std::vector<riemann::event> all(static_cast<std::size_t>(events), usual_event());
  const riemann::message m{all};
  std::vector<std::byte> body{std::byte{0x10}, std::byte{0x01}};
  body.insert(body.end(), m.body().begin(), m.body().end());
  return body;
}

void read_answer(benchmark::State& state)
{
  const auto body = answer_of(state.range(0));
  for (auto _ : state) {
    const auto answer = riemann::response::parse(body);
    for (const riemann::event_view e : answer->events()) {
      benchmark::DoNotOptimize(e.metric());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(read_answer)->Arg(1)->Arg(100)->Arg(10'000);

} // namespace

BENCHMARK_MAIN();
