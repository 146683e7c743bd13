// What one event costs to encode, ours beside protobuf's, and an answer to read.
#include "usual_event.hpp"

#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <benchmark/benchmark.h>
#include <string>

namespace {

void encode_directly(benchmark::State& state)
{
  for (auto _ : state) {
    benchmark::DoNotOptimize(riemann::message{bench::usual_event()});
  }
}
BENCHMARK(encode_directly);

void encode_by_protobuf(benchmark::State& state)
{
  std::string bytes;
  for (auto _ : state) {
    riemann::proto::Msg msg;
    *msg.add_events() = riemann::to_proto(bench::usual_event());
    msg.SerializeToString(&bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
}
BENCHMARK(encode_by_protobuf);

void decode_ack(benchmark::State& state)
{
  const std::vector<std::byte> body{std::byte{0x10}, std::byte{0x01}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(riemann::response::parse(body));
  }
}
BENCHMARK(decode_ack);

void decode_views(benchmark::State& state)
{
  const auto body = bench::usual_answer(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto answer = riemann::response::parse(body);
    for (const riemann::event_view e : answer->events()) {
      benchmark::DoNotOptimize(e.metric());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_views)->Arg(1)->Arg(100)->Arg(10'000);

void decode_owning(benchmark::State& state)
{
  const auto body = bench::usual_answer(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto answer = riemann::response::parse(body);
    benchmark::DoNotOptimize(answer->to_events());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(decode_owning)->Arg(1)->Arg(100)->Arg(10'000);

} // namespace

BENCHMARK_MAIN();
